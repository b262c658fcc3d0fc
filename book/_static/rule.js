// The rule of verdicts in the browser: the same rows of decisions that the notebooks ask
// (helpers.claims.decisions), over the same recorded results, with choices of the reader.
(function () {
  "use strict";

  function number(name, known) {
    if (name === "zero") return 0;
    return name.startsWith("-") ? -known[name.slice(1)] : known[name];
  }

  const SIGNS = {
    "<": (left, right) => left < right,
    ">": (left, right) => left > right,
    "<=": (left, right) => left <= right,
    ">=": (left, right) => left >= right,
  };

  function holds(condition, known) {
    if (typeof condition === "string") return Boolean(known[condition]);
    const [left, sign, right] = condition;
    return SIGNS[sign](number(left, known), number(right, known));
  }

  const first = (rows, known) => rows.find((row) => row.when.every((one) => holds(one, known)));

  // The claim with other results, another one in front, and its smallest effect so many times as far from none.
  function chosenClaim(claim, choices) {
    let evidence = claim.evidence.map((one) => {
      const other = one.variants.find((each) => each.what === choices.read);
      return other ? { ...one, key: other.key } : one;
    });
    if (choices.primary) {
      const lead = evidence.find((one) => one.source === choices.primary);
      const rest = evidence.filter((one) => one.source !== choices.primary);
      evidence = [choices.key ? { ...lead, key: choices.key } : lead, ...rest];
    }
    const near = claim.no_effect, far = claim.smallest_effect, factor = choices.smallest;
    let smallest = near + factor * (far - near);
    if (claim.expected === "equal") smallest = factor * far;
    else if (claim.scale === "ratio") smallest = near * Math.pow(far / near, factor);
    return { ...claim, evidence, smallest_effect: smallest };
  }

  // Ends of intervals so many times as far from the estimate, in variance.
  function widened(claim, results, factor) {
    if (factor === 1) return results;
    const root = Math.sqrt(factor), ratio = claim.scale === "ratio", found = { ...results };
    for (const { key } of claim.evidence) {
      const one = results[key];
      if (!one || typeof one.value === "string" || (ratio && one.value <= 0)) continue;
      const moved = (end) => end === null ? null : ratio ? one.value * Math.pow(end / one.value, root) : one.value + root * (end - one.value);
      found[key] = { value: one.value, low: moved(one.low), high: moved(one.high) };
    }
    return found;
  }

  function effect(claim, value) {
    const side = claim.expected.endsWith("above") ? 1 : -1;
    if (claim.scale === "difference") return side * (value - claim.no_effect);
    return side * (value ? Math.log(value / claim.no_effect) : -Infinity);
  }

  function sizes(claim) {
    return claim.scale === "ratio"
      ? [Math.abs(Math.log(claim.smallest_effect / claim.no_effect)), Math.log(claim.margin)]
      : [Math.abs(claim.smallest_effect - claim.no_effect), claim.margin];
  }

  function voice(table, claim, one, results) {
    const { value, low, high } = results[one.key];
    if (claim.stated !== null) {
      const met = Math.abs(value - results[claim.stated].value) <= claim.smallest_effect;
      return { ...one, reading: met ? "beyond" : "opposite", agrees: met, value, low, high };
    }
    const [smallest, margin] = sizes(claim), known = low !== null && high !== null;
    const ends = [low === null ? value : low, high === null ? value : high].map((end) => effect(claim, end));
    const reading = known
      ? first(table.readings, { low: Math.min(...ends), high: Math.max(...ends), smallest, margin }).then
      : "open";
    const denies = claim.expected.startsWith("not_");
    const tested = denies ? effect(claim, value) - smallest : effect(claim, value);
    return { ...one, reading: denies ? table.denied[reading] : reading, agrees: denies ? tested < 0 : tested > 0, value, low, high };
  }

  // What the claim promises, then what goes with its primary result.
  function failing(table, claim, primary, results, chosen) {
    const promised = claim.falsified_by.filter((one) => one.key in results || one.source === null || chosen.includes(one.source));
    const decides = claim.asserts === "cause" ? "cause_not_identified" : "too_imprecise";
    const beside = primary === null ? [] : table.beside.map((one) => ({ ...one, key: primary + one.ending, decides })).filter((one) => one.key in results);
    return [...promised, ...beside].filter((one) => {
      const found = results[one.key][one.part];
      return found === null || found === undefined || !SIGNS[table.relations[one.relation]](found, one.value);
    });
  }

  /* The verdict of a claim. table: the rows; claim: as written; results: key to value, low and high;
     chosen: trackers that take part; choices: smallest and inflation (factors), read (of each source its other
     result of this kind, or ""), primary (source or ""), key (another result of it or ""). */
  function judge(table, asWritten, recorded, chosen, choices) {
    const claim = chosenClaim(asWritten, choices), results = widened(claim, recorded, choices.inflation);
    const heard = claim.evidence.filter((one) => one.always || chosen.includes(one.source)).map((one) => voice(table, claim, one, results));
    const voices = [...heard.filter((one) => one.low !== null), ...heard.filter((one) => one.low === null)];
    const failed = failing(table, claim, voices.length ? voices[0].key : null, results, chosen);
    let verdict = bySources(table, claim, voices, chosen);
    if (claim.asserts !== "fact" && claim.identification !== "causal") {
      verdict = table.caps[claim.identification][verdict] || verdict;
    }
    const otherwise = verdict;
    if (failed.length) {
      const decides = table.failed[failed[0].decides];
      if (!table.stays.some(([one, other]) => one === verdict && other === decides)) verdict = decides;
    }
    return { verdict, voices, failed, otherwise, smallest: claim.smallest_effect };
  }

  function bySources(table, claim, voices, chosen) {
    const pools = Object.fromEntries(claim.evidence.map((one) => [one.source, one.pools]));
    const speaking = new Set(voices.flatMap((one) => {
      const pooled = pools[one.source].filter((name) => chosen.includes(name));
      return pooled.length ? pooled : [one.source];
    }));
    if (!voices.length || speaking.size < claim.least_sources) return table.one_source;
    const own = voices.filter((one) => !pools[one.source].length), votes = own.length ? own : voices;
    const share = votes.filter((one) => one.agrees).length / votes.length;
    const against = votes.some((one) => one.reading === "opposite");
    const shown = votes.some((one) => table.shown.includes(one.reading));
    return first(table.sources, {
      [voices[0].reading]: true,
      agree: share >= claim.agreement && !against,
      oppose: 1 - share >= claim.agreement && !shown,
      another_beyond: votes.some((one) => one.reading === "beyond"),
      lean: share < claim.agreement && against && !shown,
    }).then;
  }

  window.Rule = { judge, first };
})();
