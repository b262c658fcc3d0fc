// From a number to its cell and its tables. Whoever arrives at a cell, or at a line in one, finds its code open;
// what a number rests on becomes links to the tables. Without this script the code opens by hand.
(function () {
  "use strict";

  // Folded code around the target; the anchor of a cell stands before its code or around it.
  function folded(target) {
    const around = target.closest("details");
    if (around) return around;
    if (!target.id.startsWith("cell-")) return null;
    return (target.closest("div.cell") || target).querySelector("details.hide");
  }

  function arrive() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && folded(target);
    if (!fold) return;
    fold.open = true;
    target.scrollIntoView({ block: target.classList.contains("recorded") ? "center" : "start" });
  }

  function link(name) {
    const made = document.createElement("a");
    made.textContent = name;
    made.href = document.documentElement.dataset.content_root + "data.html#data-" + name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    return made;
  }

  // The box of a number was filled: the names of its tables lead to the data page.
  document.addEventListener("number-filled", (event) => {
    for (const name of event.detail.querySelectorAll(".number-name")) {
      if (name.textContent !== "tables") continue;
      const text = name.nextElementSibling, links = text.textContent.split(", ").map(link);
      text.replaceChildren(...links.flatMap((one, at) => at ? [", ", one] : [one]));
    }
  });
  document.addEventListener("DOMContentLoaded", arrive);
  window.addEventListener("hashchange", arrive);
})();
