"""What the head of a column says to a reader who knows the article and no method.

Tables and the files behind them name a column briefly; a page says it in words. A word means the
same in every table, so that it stands here and not in the notebooks.
"""

import re

WORDS = {
    "id": "name",
    "url": "address",
    "vintage": "printed in",
    "metric": "what is counted",
    "origin": "last month seen",
    "target": "what is foretold",
    # Ends of intervals
    "low": "low end",
    "high": "high end",
    "exponent_low": "exponent, low end",
    "exponent_high": "exponent, high end",
    "width": "mean width",
    # What a test says
    "p": "p-value",
    "p_local": "p-value, drifting level",
    "p_reml": "p-value, first-order memory",
    "p_placebo": "p-value, placebo dates",
    "p_equal": "p-value, too small to matter",
    "rank_p": "p-value, by rank",
    "p_holm": "p-value, adjusted",
    "did": "ratio by double difference",
    "did_p": "p-value, double difference",
    "fit": "error of the fit",
    "spread": "scatter of its own",
    "residuals": "what the errors say",
    "z": "distance, in standard deviations",
    "share_at_least": "chance of so many or more",
    # How good a test is
    "size": "false alarms",
    "worst_size": "most false alarms",
    "worst_world": "in which world",
    "world": "simulated world",
    "rejects": "series with an alarm",
    "power": "chance to find it",
    "detectable_fall": "fall that would be found",
    "detectable_rise": "rise that would be found",
    "detectable_effect": "effect that would be found",
    "finds_fall": "fall found",
    "finds_rise": "rise found",
    "holds_fall": "fall in the interval",
    "holds_rise": "rise in the interval",
    "held": "share in the interval",
    "error": "mean error",
    "leads": "effect too early",
    "placebo": "placebos as strong",
    "flip_value": "smallest effect that turns it",
    # How a forecast did
    "crps": "error score (CRPS)",
    "log_score": "log score",
    "scaled_error": "error over that of the season",
    "until": "revised by release",
    "inside_80": "in the 80 % interval",
    "inside_95": "in the 95 % interval",
    # How firm a verdict is
    "flips": "what turns the verdict",
    "cells": "choices tried",
    "same": "same verdict",
    "smallest": "other smallest effect",
    "inflation": "wider bounds",
    "dropped": "one tracker less",
    "primary": "other primary source",
    "variant": "other variant",
    # What a verdict rests on
    "matters": "matters from",
    "shows": "what it can show",
    "met": "is it met",
    "else": "verdict if not",
    "find": "effect that is found",
    "times": "times as much data",
    "units_low": "low end, in smallest effects",
    "below_5_pct": "adjusted, below 5 %",
    # How much there is
    "n": "number",
    "n_values": "different values",
    "run_first": "longest run from",
    "run_last": "longest run to",
    "run_n": "length of that run",
    "start": "series begins",
    "cumulative_since_2020_07": "mergers since 2020-07",
}
PATTERNS = {  # of the names that hold a number, or the name of another model
    r"low_(\d+)": r"\1 %, low end",
    r"high_(\d+)": r"\1 %, high end",
    r"interval_(\d+)": r"score of the \1 % interval",
    r"covered_(\d+)": r"share in the \1 % interval",
    r"power_at_([\d.]+)": r"chance to find a ratio of \1",
}
OTHER = "ar1_"  # the first edition's model, beside the one that is read


def head(name: str) -> str:
    """Return the head of a column.

    Parameters
    ----------
    name : str
        As the table names it; parts of it may be parted by commas.

    Returns
    -------
    str
        Words; of a name that says enough its own, without underscores, ``_pct`` as a percent sign.

    Examples
    --------
    >>> head("p_reml"), head("low_80"), head("attacks, held")
    ('p-value, first-order memory', '80 %, low end', 'attacks, share in the interval')
    >>> head("change_pct"), head("ar1_p"), head("deaths")
    ('change, %', 'p-value, other model', 'deaths')
    """
    if name.startswith(OTHER):
        return f"{head(name.removeprefix(OTHER))}, other model"
    return ", ".join(_part(one) for one in name.split(", "))


def _part(name: str) -> str:
    key = name.replace(" ", "_")
    for pattern, words in PATTERNS.items():
        if found := re.fullmatch(pattern, key):
            return found.expand(words)
    return WORDS.get(key) or name.replace("_pct", ", %").replace("_", " ")
