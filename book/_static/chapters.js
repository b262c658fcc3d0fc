// One switch for all code of a chapter, remembered for the visit; a link to a cell opens its code.
(function () {
  "use strict";
  const KEY = "all-code";

  function arrive() {
    const place = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const fold = place && place.closest("div.cell") && place.closest("div.cell").querySelector("details.hide");
    if (fold) fold.open = true;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const folds = [...document.querySelectorAll("div.cell details.hide")];
    const place = document.querySelector(".opening");
    if (place && folds.length > 1) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "all-code";
      const show = (open) => {
        for (const fold of folds) fold.open = open;
        button.textContent = open ? "Fold all code" : "Show all code";
        sessionStorage.setItem(KEY, open ? "open" : "");
      };
      button.addEventListener("click", () => show(button.textContent === "Show all code"));
      show(sessionStorage.getItem(KEY) === "open");
      place.prepend(button);
    }
    arrive();
  });
  window.addEventListener("hashchange", arrive);
})();
