// A figure answers: the pointer, a tap or the arrow keys find the nearest mark, and a small box says
// its series, what the axes say there, and whose figure it is. Esc closes. Series can be switched off,
// and the drawing saved. Without this script the figure stands as it is.
(function () {
  "use strict";
  const REACH = 40; // pixels from the pointer to a mark
  const FINGER = 12; // pixels beside a unit that is smaller than these, where a finger still means it

  function made(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function prepare(drawn) {
    const data = drawn.querySelector("script.marks");
    const told = data ? JSON.parse(data.textContent) : { series: [], axes: [], marks: [] };
    const drawings = [...drawn.querySelectorAll(":scope > svg")];
    const caption = drawn.parentElement.querySelector("figcaption");
    const number = caption && caption.querySelector(".caption-number");
    const off = new Set();
    const box = made("div", "mark-box"), said = made("div", "figure-said");
    const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    ring.setAttribute("class", "mark-ring");
    ring.setAttribute("r", "6");
    box.hidden = true;
    said.setAttribute("aria-live", "polite");
    drawn.append(box, said);
    let open = null, pinned = false;
    told.marks.forEach((mark, place) => {
      mark.span = told.spans && told.spans[place];
      mark.shapes = told.shapes && told.shapes[place];
    });

    const shown = () => drawings.find((one) => getComputedStyle(one).display !== "none") || drawings[0];
    const visible = () => told.marks.filter((mark) => !off.has(mark[0]));

    // Where a mark lies in the drawing that is shown, in pixels from the corner of the figure.
    function at(mark) {
      const svg = shown(), narrow = svg.classList.contains("narrow");
      const size = svg.getBoundingClientRect(), whole = drawn.getBoundingClientRect();
      const scale = size.width / svg.viewBox.baseVal.width;
      const x = mark[narrow ? 4 : 2], y = mark[narrow ? 5 : 3];
      const across = (one) => size.left - whole.left + one * scale, down = (one) => size.top - whole.top + one * scale;
      const [left, top, right, bottom] = mark.span ? mark.span.slice(narrow ? 4 : 0) : [x, y, x, y];
      const span = { left: across(left), top: down(top), right: across(right), bottom: down(bottom) };
      return { svg, x, y, left: across(x), top: down(y), span };
    }

    function lines(mark) {
      const [title, x, y] = told.axes[mark[1]];
      const value = (name, text) => (name ? name + ": " + text : text);
      const head = [told.series[mark[0]], title].filter(Boolean).join(" · ");
      return [head, value(x, mark[6]), value(y, mark[7]), mark[8]].filter(Boolean);
    }

    function show(mark, aloud) {
      open = mark;
      const place = at(mark), all = lines(mark);
      ring.setAttribute("cx", place.x);
      ring.setAttribute("cy", place.y);
      place.svg.append(ring);
      box.replaceChildren(...all.map((text) => made("div", "", text)));
      if (told.source) box.append(made("div", "mark-source", "Source: " + told.source));
      box.hidden = false;
      const width = drawn.clientWidth;
      box.style.left = Math.max(0, Math.min(place.left + 12, width - box.offsetWidth)) + "px";
      const over = place.top - box.offsetHeight - 12;
      box.style.top = (over > 0 ? over : place.top + 14) + "px";
      if (aloud) said.textContent = all.join(", ");
    }

    function hide() {
      open = null;
      pinned = false;
      box.hidden = true;
      ring.remove();
    }

    // A finger cannot be put on a unit of some pixels, such as a capital in a map of provinces: beside it
    // is near enough, unless what it is on is as small.
    function besideFinger(event) {
      if (event.pointerType !== "touch") return null;
      const parts = [...shown().querySelectorAll("[data-shape]")].flatMap((group) =>
        [...group.children].map((part, at) => [Number(group.dataset.shape) + at, part.getBoundingClientRect()]));
      const boxes = new Map(parts);
      let best = null, least = FINGER;
      for (const mark of visible()) {
        const all = (mark.shapes || []).map((one) => boxes.get(one)).filter(Boolean);
        if (!all.length || all.some((box) => Math.max(box.width, box.height) > FINGER)) continue;
        for (const box of all) {
          const far = Math.hypot((box.left + box.right) / 2 - event.clientX, (box.top + box.bottom) / 2 - event.clientY);
          if (far < least) [best, least] = [mark, far];
        }
      }
      return best;
    }

    // A shape answers where the pointer is over it, any other mark up to some pixels from what it
    // spans: the bar, the interval, the point. Of two that the pointer is on, the nearer middle.
    function nearest(event) {
      const whole = drawn.getBoundingClientRect();
      const x = event.clientX - whole.left, y = event.clientY - whole.top;
      const part = document.elementsFromPoint(event.clientX, event.clientY)
        .find((one) => drawn.contains(one) && one.closest("[data-shape]"));
      const small = besideFinger(event);
      if (small) return small;
      const over = part && Number(part.parentElement.dataset.shape) + [...part.parentElement.children].indexOf(part);
      let best = null, least = REACH, middle = Infinity;
      for (const mark of visible()) {
        const place = at(mark), away = Math.hypot(place.left - x, place.top - y), { span } = place;
        let far = Math.hypot(Math.max(span.left - x, x - span.right, 0), Math.max(span.top - y, y - span.bottom, 0));
        if (part) far = mark.shapes && mark.shapes.includes(over) ? 0 : far && REACH;
        if (far < least || (far === least && far < REACH && away < middle)) [best, least, middle] = [mark, far, away];
      }
      return best;
    }

    // Right and left lead along a series, down and up to the next one.
    function step(key) {
      const marks = visible();
      if (!marks.length) return;
      if (!open || off.has(open[0])) return show(marks[0], true);
      const place = (mark) => mark[0] + " " + mark[1];
      const rows = [...new Set(marks.map(place))];
      const row = marks.filter((mark) => place(mark) === place(open));
      const now = row.indexOf(open);
      if (key === "ArrowRight") return show(row[Math.min(now + 1, row.length - 1)], true);
      if (key === "ArrowLeft") return show(row[Math.max(now - 1, 0)], true);
      if (key === "Home") return show(row[0], true);
      if (key === "End") return show(row[row.length - 1], true);
      const next = rows[rows.indexOf(place(open)) + (key === "ArrowDown" ? 1 : -1)];
      if (next === undefined) return;
      const far = (mark) => Math.abs(at(mark).left - at(open).left);
      show(marks.filter((mark) => place(mark) === next).reduce((one, other) => (far(other) < far(one) ? other : one)), true);
    }

    const tools = made("div", "figure-tools");
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", "Tools of the figure");
    function button(text, act) {
      const one = made("button", "", text);
      one.type = "button";
      one.tabIndex = -1; // reached from the figure by Enter, so that a figure is one stop
      one.addEventListener("click", () => act(one));
      tools.append(one);
      return one;
    }
    if (told.series.length > 1) told.series.forEach((name, place) => {
      const parts = drawn.querySelectorAll('[data-series="' + place + '"]');
      if (!parts.length) return;
      const one = button(name, () => {
        const on = off.has(place);
        if (on) off.delete(place); else off.add(place);
        one.setAttribute("aria-pressed", String(on));
        parts.forEach((part) => part.classList.toggle("off", !on));
        if (open && off.has(open[0])) hide();
      });
      one.setAttribute("aria-pressed", "true");
      // What a mark is made of stands in its definition, and how it is coloured where it is used.
      const look = getComputedStyle(parts[0].querySelector("use, path:not(defs *)") || parts[0]);
      const sign = made("i"), isLine = look.stroke !== "none" && look.fill === "none";
      sign.style.background = isLine ? look.stroke : look.fill;
      if (!isLine && look.stroke !== "none") sign.style.boxShadow = "inset 0 0 0 2px " + look.stroke; // a ring
      sign.style.opacity = Math.max(0.4, isLine ? look.strokeOpacity : look.fillOpacity); // to be seen
      one.prepend(sign);
    });
    button("SVG", () => save(shown(), drawn.dataset.name + ".svg"));
    button("PNG", () => picture(shown(), drawn.dataset.name + ".png"));
    const csv = caption && caption.querySelector('a[href$=".csv"]');
    if (csv) button("CSV", () => csv.click());
    drawn.after(tools);

    drawn.tabIndex = 0;
    drawn.setAttribute("role", "group");
    drawn.setAttribute("aria-label", (number ? number.textContent.trim() + " " : "Figure. ") +
      (told.marks.length ? "Arrow keys read its values, Enter leads to its tools." : "Enter leads to its tools."));
    drawn.addEventListener("keydown", (event) => {
      if (/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key) && told.marks.length) {
        event.preventDefault();
        step(event.key);
      } else if (event.key === "Enter") {
        event.preventDefault();
        tools.querySelector("button").focus();
      } else if (event.key === "Escape") hide();
    });
    tools.addEventListener("keydown", (event) => {
      const all = [...tools.querySelectorAll("button")], now = all.indexOf(document.activeElement);
      const go = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: all.length - 1 }[event.key];
      if (event.key === "Escape") drawn.focus();
      else if (go === undefined) return;
      else all[(go + all.length) % all.length].focus();
      event.preventDefault();
    });
    drawn.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || pinned) return;
      const mark = nearest(event);
      if (mark && mark !== open) show(mark, false); else if (!mark) hide();
    });
    drawn.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse" && !pinned) hide(); });
    drawn.addEventListener("click", (event) => {
      const mark = nearest(event);
      if (!mark || (pinned && mark === open)) return hide();
      show(mark, true);
      pinned = true;
    });
    drawn.addEventListener("blur", hide);
    window.addEventListener("resize", () => { if (open) show(open, false); }, { passive: true });
    document.addEventListener("pointerdown", (event) => { if (open && !drawn.contains(event.target)) hide(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && open) hide(); });
  }

  // A drawing that stands alone: what the page's style sheets say of each part is written into it.
  function alone(svg) {
    const copy = svg.cloneNode(true), parts = svg.querySelectorAll("*"), copies = copy.querySelectorAll("*");
    const says = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "opacity",
      "font-family", "font-size", "font-weight", "text-anchor", "display", "stroke-linejoin", "stroke-linecap"];
    parts.forEach((part, place) => {
      const look = getComputedStyle(part), mine = copies[place];
      if (mine.getAttribute("class") === "mark-ring") return mine.remove();
      mine.setAttribute("style", says.map((name) => name + ":" + look.getPropertyValue(name)).join(";"));
      mine.removeAttribute("class");
      // Other letters than the page's then take the same room.
      if (part.localName === "text" && part.getComputedTextLength() > 0) {
        mine.setAttribute("textLength", part.getComputedTextLength().toFixed(1));
        mine.setAttribute("lengthAdjust", "spacingAndGlyphs");
      }
    });
    const box = svg.viewBox.baseVal;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    return new XMLSerializer().serializeToString(copy);
  }

  function save(svg, name) {
    give(new Blob([alone(svg)], { type: "image/svg+xml" }), name);
  }

  function picture(svg, name) {
    const box = svg.viewBox.baseVal, image = new Image(), canvas = document.createElement("canvas");
    canvas.width = Math.round(box.width * 3);
    canvas.height = Math.round(box.height * 3);
    image.onload = () => {
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => give(blob, name), "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(alone(svg));
  }

  function give(blob, name) {
    const link = made("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".drawn").forEach(prepare));
})();
