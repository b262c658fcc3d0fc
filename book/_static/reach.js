// Where the Tab key stops: at one bound number and one fold of code of a section, and at one folded text
// of a table, from which the arrows to the left and right go to the others; and at what is wider than its
// room, to scroll it.
(function () {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];

  function rove(items, groupOf) {
    const stopAt = (item) => {
      for (const other of items) if (groupOf(other) === groupOf(item)) other.tabIndex = other === item ? 0 : -1;
    };
    const seen = new Set();
    for (const item of items) {
      item.tabIndex = seen.has(groupOf(item)) ? -1 : 0;
      seen.add(groupOf(item));
      item.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation(); // elsewhere these keys turn the page
        let at = items.indexOf(item) + step;
        while (items[at] && !items[at].checkVisibility()) at += step;
        if (!items[at]) return;
        stopAt(items[at]);
        items[at].focus({ focusVisible: true });
      });
    }
  }

  function scrolled() {
    for (const one of all(".scroll, div.equation")) {
      if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
      else one.removeAttribute("tabindex");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const one of all("a.headerlink")) one.tabIndex = -1; // the contents beside the text lead there too
    rove(all("a.num"), (one) => one.closest("section") || document.body);
    rove(all("table summary"), (one) => one.closest("table"));
    rove(all("details.hide > summary"), (one) => one.closest("section") || document.body);
  });
  for (const when of ["load", "resize"]) window.addEventListener(when, scrolled, { passive: true });
})();
