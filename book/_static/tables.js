// A table that is a card a row on a phone shows some of its rows there, and all of them when asked (tables.css).
(function () {
  "use strict";
  const SHOWN = 8; // rows; as many as tables.css has

  function fold(table) {
    const rows = table.tBodies[0] ? table.tBodies[0].rows : [];
    if (rows.length <= SHOWN + 2 || table.classList.contains("rows")) return;
    const all = document.createElement("button");
    all.type = "button";
    all.className = "all-rows";
    all.textContent = `Show all ${rows.length} rows`;
    all.addEventListener("click", () => {
      table.classList.remove("folded");
      all.remove();
      rows[SHOWN].querySelector("th, td").tabIndex = -1;
      rows[SHOWN].querySelector("th, td").focus(); // where the reader goes on
    });
    table.classList.add("folded");
    table.after(all);
    // Whoever comes to a row, or looks for words of it, sees it.
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && table.contains(target)) all.click();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("table.cards").forEach(fold));
})();
