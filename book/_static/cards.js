// Cards of claims: some at a time, and judged again by choices of the reader (rule.js).
(function () {
  "use strict";
  const FACTORS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];

  const element = (name, attributes, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in made && typeof value !== "string") made[key] = value; else made.setAttribute(key, value);
    }
    made.append(...content);
    return made;
  };
  const slug = (verdict) => verdict.toLowerCase().replaceAll(" ", "-");

  function start(box) {
    const cards = [...box.querySelectorAll(".claim-card")];
    const data = JSON.parse(box.querySelector(".claim-data").textContent);
    const claims = new Map((data.claims || []).map((one) => [one.id, one]));
    const state = { verdict: "", part: "", smallest: 1, inflation: 1, read: "", primary: "", silent: new Set(), keys: {} };
    const status = element("p", { role: "status", class: "claim-status" });
    const asWritten = new Map(cards.map((card) => [card, card.dataset.verdict]));
    const badges = new Map(cards.map((card) => [card.dataset.verdict, card.querySelector(".verdict")]));
    // A sign and a class for each verdict, also for one that no card has as written.
    const badge = (verdict) => {
      const known = badges.get(slug(verdict));
      if (known) return known.cloneNode(true);
      return element("span", { class: "verdict " + slug(verdict) }, element("span", { "aria-hidden": "true" }, data.signs[verdict]), " " + verdict);
    };

    function judged(claim) {
      const leads = claim.evidence.some((one) => one.source === state.primary);
      const own = state.keys[claim.id] || "";
      const first = claim.evidence[0].source;
      const choices = { smallest: state.smallest, inflation: state.inflation, read: state.read, primary: leads ? state.primary : own ? first : "", key: leads && state.primary !== first ? "" : own };
      return window.Rule.judge(data.table, claim, data.results, data.chosen.filter((one) => !state.silent.has(one)), choices);
    }

    function refresh() {
      let moved = 0, shown = 0;
      const now = new Map();
      for (const card of cards) {
        const claim = claims.get(card.dataset.claim), old = asWritten.get(card);
        if (claim) {
          const found = judged(claim);
          if (card.dataset.verdict !== slug(found.verdict)) {
            card.dataset.verdict = slug(found.verdict);
            card.querySelector(".claim-head > .verdict").replaceWith(badge(found.verdict));
          }
          move(card.querySelector(".claim-strip"), data.table, claim, found);
        }
        const turned = card.dataset.verdict !== old;
        card.classList.toggle("turned", turned);
        card.querySelector(".claim-was")?.remove();
        if (turned) card.querySelector(".claim-head").append(element("span", { class: "claim-was" }, "as written: ", badges.get(old).cloneNode(true)));
        moved += turned;
        now.set(card.dataset.verdict, (now.get(card.dataset.verdict) || 0) + 1);
        card.hidden = Boolean((state.verdict && card.dataset.verdict !== state.verdict) || (state.part && card.dataset.part !== state.part));
        shown += !card.hidden;
      }
      drawBar(now);
      status.textContent = `${shown} of ${cards.length} claims shown. ` + (moved ? `With these choices ${moved} ${moved === 1 ? "verdict differs" : "verdicts differ"} from the one as written.` : "All verdicts as written.");
    }

    // The interval of the primary source under the choices, on the scale of the strip.
    function move(strip, table, claim, found) {
      if (!strip || !found.voices.length || found.voices[0].low === null || claim.stated !== null) return;
      const side = claim.expected.endsWith("above") ? 1 : -1, ratio = claim.scale === "ratio";
      const far = Math.abs(ratio ? Math.log(found.smallest / claim.no_effect) : found.smallest - claim.no_effect);
      const unit = (value) => side * (ratio ? Math.log(value / claim.no_effect) : value - claim.no_effect) / far;
      const first = found.voices[0], ends = [unit(first.low), unit(first.high)].sort((one, other) => one - other);
      const [low, high] = data.strip, place = (value) => 100 * (Math.min(Math.max(value, low), high) - low) / (high - low);
      Object.assign(strip.querySelector("b").style, { left: place(ends[0]) + "%", width: place(ends[1]) - place(ends[0]) + "%" });
      strip.querySelector("u").style.left = place(unit(first.value)) + "%";
      strip.setAttribute("aria-label", `${unit(first.value).toFixed(1)} smallest effects, from ${ends[0].toFixed(1)} to ${ends[1].toFixed(1)}`);
    }

    const bar = box.querySelector(".verdict-bar"), legend = box.querySelector(".verdict-legend");
    function drawBar(now) {
      const found = data.order.filter((name) => now.get(slug(name)));
      bar.replaceChildren(...found.map((name) => element("i", { class: slug(name), style: `flex-grow:${now.get(slug(name))}` })));
      legend.replaceChildren(...found.map((name) => element("li", { class: slug(name) },
        element("b", {}, String(now.get(slug(name)))), " ", element("span", { "aria-hidden": "true" }, data.signs[name]), " " + name)));
    }

    function select(label, options, change) {
      const field = element("select", {}, ...options.map(([value, words]) => element("option", { value }, words)));
      field.addEventListener("change", () => { change(field.value); refresh(); });
      return element("label", {}, label, field);
    }
    function slider(label, name) {
      const out = element("output", {}, "as written");
      const field = element("input", { type: "range", min: "0", max: String(FACTORS.length - 1), value: "3" });
      const say = () => { out.textContent = state[name] === 1 ? "as written" : `${state[name]} times`; field.setAttribute("aria-valuetext", out.textContent); };
      field.addEventListener("input", () => { state[name] = FACTORS[field.value]; say(); refresh(); });
      say();
      return element("label", {}, label, field, out);
    }

    // Other results that are recorded beside those of the plan, such as another window.
    const kinds = { scope: "another definition of who counts", window: "another window", model: "another model", noise: "months with memory", version: "another version" };
    const having = (kind) => [...claims.values()].filter((one) => one.evidence.some((each) => each.variants.some((other) => other.what === kind))).length;
    const readings = Object.keys(kinds).filter(having).map((kind) => [kind, `${kinds[kind]}, where there is one (${having(kind)} ${having(kind) === 1 ? "claim" : "claims"})`]);

    const sources = [...new Set([...claims.values()].flatMap((one) => one.evidence.map((each) => each.source)))];
    const silenced = data.chosen.map((name) => {
      const field = element("input", { type: "checkbox", checked: true });
      field.addEventListener("change", () => { state.silent[field.checked ? "delete" : "add"](name); refresh(); });
      return element("label", { class: "claim-check" }, field, name);
    });
    const parts = [...new Set(cards.map((card) => card.dataset.part))].map((part) => [part, cards.find((card) => card.dataset.part === part).querySelector(".claim-part").textContent]);
    const filters = element("div", { class: "claim-controls" },
      select("Verdict", [["", "all"], ...data.order.map((name) => [slug(name), name])], (value) => { state.verdict = value; }),
      select("Part of the article", [["", "all"], ...parts], (value) => { state.part = value; }));
    const choices = element("details", { class: "claim-choices" }, element("summary", {}, "Judge by choices of your own"),
      element("div", { class: "claim-controls" },
        slider("Smallest effect that matters", "smallest"), slider("Inflation of the intervals", "inflation"),
        select("Results read", [["", "as written"], ...readings], (value) => { state.read = value; }),
        select("Primary source", [["", "as written"], ...sources.map((name) => [name, name])], (value) => { state.primary = value; }),
        element("fieldset", {}, element("legend", {}, "Sources heard"), ...silenced)));
    const again = element("button", { type: "button" }, "As written");
    again.addEventListener("click", reset);
    choices.lastChild.append(again);
    bar.before(status);
    legend.after(filters, choices);

    // Another one of the primary source, for one claim.
    for (const card of cards) {
      const claim = claims.get(card.dataset.claim), others = claim ? claim.evidence[0].variants : [];
      if (!others.length) continue;
      const field = select("Read with", [["", "the result as written"], ...others.map((one) => [one.key, kinds[one.what]])], (value) => { state.keys[claim.id] = value; });
      field.className = "claim-variant";
      card.querySelector(".claim-told").before(field);
    }

    function reset() {
      Object.assign(state, { smallest: 1, inflation: 1, read: "", primary: "", keys: {} });
      state.silent.clear();
      for (const field of choices.querySelectorAll("input[type=range]")) { field.value = "3"; field.dispatchEvent(new Event("input")); }
      for (const field of choices.querySelectorAll("input[type=checkbox]")) field.checked = true;
      for (const field of box.querySelectorAll(".claim-choices select, .claim-variant select")) field.value = "";
      refresh();
    }
    refresh();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".claim-cards").forEach(start));
})();
