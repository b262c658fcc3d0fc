// The search page: the cursor in its field, other words for the same, and what the pages say around
// the words that were asked for.
(function () {
  "use strict";
  const here = document.currentScript.src;
  // Words of a line stand for one another.
  const ALIKE = [
    ["lethality", "lethal", "deadly", "deadlier", "deaths per event", "deaths per incident"],
    ["deaths", "dead", "fatalities", "fatality", "killed", "casualties"],
    ["militants", "insurgents", "terrorists", "rebels", "armed groups"],
    ["attacks", "incidents", "events"],
    ["claim", "statement", "assertion"],
    ["uncertainty", "interval", "margin of error"],
    ["forecast", "prediction", "projection"],
    ["sanctuaries", "safe havens", "bases"],
    ["security forces", "soldiers", "police", "army"],
  ];
  const MOST = 8, AROUND = 110;
  let stems = [];

  function variants(query) {
    const words = ` ${query.toLowerCase().trim()} `, found = [];
    for (const line of ALIKE) {
      const said = line.find((one) => words.includes(` ${one} `));
      if (said) for (const other of line) if (other !== said) found.push(words.replace(` ${said} `, ` ${other} `).trim());
    }
    return found.slice(0, MOST);
  }

  function query(text) {
    const asked = [text, ...variants(text)].map((one) => Search._parseQuery(one));
    if (SPHINX_HIGHLIGHT_ENABLED) localStorage.setItem("sphinx_highlight_terms", [...asked[0][3]].join(" "));
    stems = asked.map((one) => [...one[1]]);
    const seen = new Set(), results = [];
    for (const one of asked) {
      for (const result of Search._performSearch(...one).reverse()) {
        const name = result[0] + result[2];
        if (!seen.has(name)) results.push(result);
        seen.add(name);
      }
    }
    _displayNextItem(results.reverse(), results.length, asked[0][1], asked[0][3]);
  }

  // How often a text has the words of one of the questions, all of which it must have.
  function weigh(text, words) {
    const counts = words.map((word) => text.match(pattern([word]))?.length || 0);
    return counts.length && counts.every(Boolean) ? counts.reduce((a, b) => a + b) : 0;
  }

  function pattern(words) {
    return new RegExp(`\\b(?:${words.map((one) => one.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|")})[\\p{L}]*`, "giu");
  }

  function tell(item) {
    const link = item.querySelector("a");
    const [page, anchor] = (link ? link.getAttribute("href") : "").split("#");
    const parts = (window.SEARCH_TEXTS || {})[page.replace(/\.html$/, "")];
    if (!parts || item.querySelector(".context")) return;
    let best = null, most = 0, said = [];
    for (const words of stems) {
      if (best) break; // the words that were asked for before others
      for (const part of parts.filter((one) => !anchor || one[0] === anchor)) {
        const weight = weigh(part[2], words);
        if (weight > most) [best, most, said] = [part, weight, words];
      }
    }
    if (!best) return;
    if (!anchor && best[0]) {
      link.setAttribute("href", `${page}#${best[0]}`);
      link.append(` › ${best[1]}`);
    }
    item.append(quoted(best[2], said));
  }

  function quoted(text, words) {
    const made = Object.assign(document.createElement("p"), { className: "context" });
    const first = text.search(pattern(words)), from = Math.max(0, text.lastIndexOf(" ", first - AROUND) + 1);
    const rest = text.slice(from, from + 2 * AROUND + 40);
    const piece = from + rest.length < text.length ? rest.slice(0, rest.lastIndexOf(" ")) : rest;
    if (from) made.append("… ");
    let at = 0;
    for (const found of piece.matchAll(pattern(words))) {
      made.append(piece.slice(at, found.index), Object.assign(document.createElement("mark"), { textContent: found[0] }));
      at = found.index + found[0].length;
    }
    made.append(piece.slice(at), from + piece.length < text.length ? " …" : "");
    return made;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("search-results");
    if (!place) return;
    const field = document.querySelector("article form.bd-search input, .bd-search-container form.bd-search input");
    if (field) { field.focus(); field.select(); }
    const all = () => place.querySelectorAll("ul.search > li").forEach(tell);
    const texts = document.createElement("script");
    texts.src = new URL("search-texts.js", here).href;
    texts.addEventListener("load", all);
    const bring = () => document.head.append(texts); // results first, what stands around them then
    if (document.readyState === "complete") bring();
    else window.addEventListener("load", bring);
    new MutationObserver(all).observe(place, { childList: true, subtree: true });
  });
  if (typeof Search !== "undefined") Search.query = query;
})();
