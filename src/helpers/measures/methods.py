"""The trial of the tests, arranged for its table."""

import pandas as pd

PERCENTS = ["found_without_effect_pct", "found_with_fall_pct", "interval_holds_fall_pct"]
FORMATS = dict.fromkeys(PERCENTS, "{:.1f}")


def in_percent(size: pd.DataFrame, planted: pd.DataFrame) -> pd.DataFrame:
    """Return what each test did on series without an effect beside what it did on series with one.

    Parameters
    ----------
    size, planted : pandas.DataFrame
        Rows of :func:`helpers.stats.trust.calibration.calibration` without and with an effect, one
        for each scenario and method: ``share`` of series in which an effect was found, and
        ``covered``, the share of intervals that held the effect (NaN without intervals).

    Returns
    -------
    pandas.DataFrame
        ``scenario``, ``method`` and the columns :data:`PERCENTS`, in per cent, in the order of
        ``size``.

    Examples
    --------
    >>> one = pd.DataFrame({"scenario": "calm", "method": ["a"], "share": 0.05, "covered": 0.95})
    >>> table = in_percent(one, one.assign(share=0.5, covered=0.9))
    >>> table[PERCENTS].to_numpy().tolist()
    [[5.0, 50.0, 90.0]]
    """
    both = size.merge(planted, on=["scenario", "method"], suffixes=("_none", "_planted"))
    shares = both[["share_none", "share_planted", "covered_planted"]].set_axis(PERCENTS, axis=1)
    return pd.concat([both[["scenario", "method"]], 100 * shares], axis=1)
