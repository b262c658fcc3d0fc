// A bound number tells what it rests on: on hovering, on focus and on a tap. Esc closes.
// All of it stands in the title of the link, so without this script a number still tells it.
(function () {
  "use strict";
  const box = document.createElement("span");
  box.className = "number-box";
  box.id = "number-box";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "What this number rests on");
  box.hidden = true;
  let open = null, pinned = false, leaving = 0;

  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function fill(number) {
    box.replaceChildren();
    for (const part of number.dataset.told.split(" · ")) {
      const [name, ...text] = part.split(": ");
      box.append(element("span", name, "number-name"), element("span", text.join(": "), "number-text"));
    }
    const cell = element("a", "the cell that computed it", "number-cell");
    cell.href = number.dataset.cell;
    box.append(cell);
    document.dispatchEvent(new CustomEvent("number-filled", { detail: box }));
    stops(-1); // until somebody opens the box, what it shows in passing is no stop
  }

  function stops(index) {
    for (const link of box.querySelectorAll("a")) link.tabIndex = index;
  }

  // Below the number where there is room, else where there is more of it; never over the number, whose
  // box scrolls where it is longer than the room, and never beyond the edge of the window.
  function place() {
    if (!open) return;
    const gap = 6, edge = 8, at = open.getBoundingClientRect();
    box.style.maxHeight = "";
    const size = box.getBoundingClientRect();
    const under = window.innerHeight - at.bottom - gap - edge, over = at.top - gap - edge;
    const below = size.height <= under || under >= over;
    const height = Math.min(size.height, Math.max(below ? under : over, 0));
    const left = Math.min(at.left, window.innerWidth - size.width - edge);
    box.style.maxHeight = height + "px";
    box.style.top = (below ? at.bottom + gap : at.top - gap - height) + "px";
    box.style.left = Math.max(edge, left) + "px";
  }

  function show(number) {
    window.clearTimeout(leaving);
    if (open === number) return;
    hide();
    open = number;
    fill(number);
    number.after(box);
    box.hidden = false;
    number.setAttribute("aria-expanded", "true");
    number.setAttribute("aria-describedby", box.id);
    place();
  }

  function hide() {
    window.clearTimeout(leaving);
    if (open) {
      open.setAttribute("aria-expanded", "false");
      open.removeAttribute("aria-describedby");
    }
    box.hidden = true;
    open = null;
    pinned = false;
  }

  // A moment's grace, so that the pointer can move from the number into the box.
  function leave() {
    if (!pinned) leaving = window.setTimeout(hide, 250);
  }

  function prepare(number) {
    number.dataset.told = number.title;
    number.dataset.cell = number.href;
    number.removeAttribute("title");
    number.removeAttribute("href");
    const words = number.textContent.trim(), unit = /^value: \S+ ([^·]*?) ·/.exec(number.dataset.told);
    const said = unit && /^[\d.,\s−-]+$/.test(words) ? `${words} ${unit[1]}` : words;
    for (const [name, value] of [["role", "button"], ["aria-expanded", "false"], ["aria-label", `${said}: what it rests on`]]) number.setAttribute(name, value);
    number.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse" && !pinned) show(number); });
    number.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
    number.addEventListener("focus", () => { if (number.matches(":focus-visible")) show(number); });
    number.addEventListener("click", () => toggle(number));
    number.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(number); }
    });
  }

  function toggle(number) {
    if (open === number && pinned) return hide();
    show(number);
    pinned = true;
    stops(0);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("a.num").forEach(prepare));
  box.addEventListener("pointerenter", () => window.clearTimeout(leaving));
  box.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    const number = open, inside = box.contains(document.activeElement);
    hide();
    if (inside) number.focus({ focusVisible: false });
  });
  document.addEventListener("pointerdown", (event) => {
    if (open && !box.contains(event.target) && event.target !== open) hide();
  });
  document.addEventListener("focusin", (event) => {
    if (open && !box.contains(event.target) && event.target !== open) hide();
  });
  const follow = (event) => { if (event.target !== box) place(); }; // a scroll of the box itself moves nothing
  for (const what of ["scroll", "resize"]) window.addEventListener(what, follow, { passive: true, capture: true });
})();
