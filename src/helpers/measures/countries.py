"""Countries side by side: a panel of quarters from the table of countries and months, and who may serve as a donor."""

from collections.abc import Iterable

import pandas as pd

from helpers.base.errors import InputError, did_you_mean


def quarters(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return deaths by quarter (rows) and country (columns) from ``first`` to ``last``.

    ``table``: country, year, month, deaths. Rows without a month, the remainders of a year, are left out: they belong to no quarter.
    """
    dated = table[table["month"].notna()]
    months = pd.PeriodIndex(
        pd.to_datetime({"year": dated["year"], "month": dated["month"].astype(int), "day": 1}),
        freq="M",
    )
    wide = dated.assign(quarter=months.asfreq("Q")).pivot_table(
        index="quarter", columns="country", values="deaths", aggfunc="sum", fill_value=0
    )
    return wide.loc[first:last].astype("int64")


def donors(
    panel: pd.DataFrame,
    treated: str,
    before: str,
    *,
    without: Iterable[str] = (),
    least: float = 0.75,
) -> list[str]:
    """Return the countries that had deaths in at least a ``least`` share of the periods before ``before``, less those ``without``.

    ``without`` are countries that the event may have touched themselves; one that the panel lacks is refused.
    """
    without = list(without)
    for country in [treated, *without]:
        if country not in panel:
            raise InputError(
                f"the panel has no country '{country}'" + did_you_mean(country, panel.columns)
            )
    earlier = panel[panel.index < pd.Period(before, panel.index.freq)]
    kept = (earlier > 0).mean() >= least
    found = [country for country in panel if kept[country] and country not in (treated, *without)]
    if len(found) < 2:
        raise InputError(
            f"{len(found)} countries had deaths in {least:.0%} of the periods before {before}: expected at least two donors"
        )
    return found
