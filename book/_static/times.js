// Fills the table of times on the colophon from run.js, which stands beside this file, and leads to
// the PDF where run.js says that there is one.
(function () {
  "use strict";
  const here = document.currentScript.src;
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector(".run-times");
    if (!place) return;
    const times = document.createElement("script");
    times.src = new URL("run.js", here).href;
    times.addEventListener("load", () => {
      fill(place, Object.entries(window.RUN || {}));
      const paper = document.querySelector(".on-paper");
      if (paper && window.PDF) paper.replaceChildren(leading(new URL(`../${window.PDF}`, times.src).href));
    });
    document.head.append(times);
  });

  function leading(address) {
    const made = document.createElement("p");
    made.append(Object.assign(document.createElement("a"), { href: address, textContent: "The whole book as one file (PDF)" }));
    made.append(", with numbered pages, and with the sources of its numbers as notes at its end.");
    return made;
  }

  function row(kind, words) {
    const made = document.createElement("tr");
    words.forEach((one, at) => made.append(Object.assign(document.createElement(kind), { textContent: one, className: at ? "right" : "" })));
    return made;
  }

  function fill(place, times) {
    const table = document.createElement("table");
    table.className = "compendium";
    table.createTHead().append(row("th", ["stage", "seconds"]));
    table.createTBody().append(...times.map(([stage, seconds]) => row("td", [stage, seconds.toFixed(1)])));
    place.replaceChildren(table);
  }
})();
