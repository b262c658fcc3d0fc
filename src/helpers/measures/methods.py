"""The trial of the tests, arranged for its tables and its figure."""

import pandas as pd

RATES = {
    "false_alarms": "{:.1f}",
    "finds_fall": "{:.0f}",
    "finds_rise": "{:.0f}",
    "holds_fall": "{:.1f}",
    "holds_rise": "{:.1f}",
}


def in_words(table: pd.DataFrame) -> pd.Series:
    """Return what a row of the trial was about, such as 'AR .5, 114+6 months'.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of :func:`helpers.stats.trust.calibration.calibration`.

    Returns
    -------
    pandas.Series of str
        With the index of ``table``.

    Examples
    --------
    >>> in_words(pd.DataFrame({"scenario": ["calm"], "span": ["34+6"]})).tolist()
    ['calm, 34+6 months']
    """
    return table["scenario"] + ", " + table["span"] + " months"


def in_percent(table: pd.DataFrame) -> pd.DataFrame:
    """Return what each test did without an effect and with planted ones, side by side.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of :func:`helpers.stats.trust.calibration.calibration`: one for each scenario, span,
        method and effect (1, one below and one above), with ``share`` of series in which an effect
        was found and ``covered``, the share of intervals that held it (NaN without intervals).

    Returns
    -------
    pandas.DataFrame
        ``scenario``, ``months``, ``method`` and, in per cent, how often an effect is found where
        there is none, where there is a fall and where there is a rise, and how often the interval
        holds the two; in the order of ``table``.

    Examples
    --------
    >>> about = {"scenario": "calm", "span": "34+6", "method": "a"}
    >>> rows = [(1.0, 0.05, 0.95), (0.6, 0.5, 0.9), (2.0, 0.7, 0.8)]
    >>> one = pd.DataFrame(rows, columns=["effect", "share", "covered"]).assign(**about)
    >>> in_percent(one)[list(RATES)].round(1).values.tolist()
    [[5.0, 50.0, 70.0, 90.0, 80.0]]
    """
    by = ["scenario", "span", "method"]
    kinds = {0: "none", -1: "fall", 1: "rise"}
    side = (table["effect"] > 1).astype(int) - (table["effect"] < 1).astype(int)
    wide = table.assign(kind=side.map(kinds)).pivot_table(
        index=by, columns="kind", values=["share", "covered"], sort=False, dropna=False
    )
    rows = table[by].drop_duplicates()
    wide = 100 * wide.reindex(pd.MultiIndex.from_frame(rows))
    found = {
        "false_alarms": wide["share", "none"],
        "finds_fall": wide["share", "fall"],
        "finds_rise": wide["share", "rise"],
        "holds_fall": wide["covered", "fall"] if ("covered", "fall") in wide else float("nan"),
        "holds_rise": wide["covered", "rise"] if ("covered", "rise") in wide else float("nan"),
    }
    shares = pd.DataFrame(found, index=wide.index).reset_index()
    return shares.rename(columns={"span": "months"})
