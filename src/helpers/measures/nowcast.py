"""What a provisional count is worth: provisional figures beside the final ones that followed."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, numbers, whole


def by_month(
    table: pd.DataFrame, country: str, year: int, final: str, provisional: str
) -> pd.DataFrame:
    """Return the months of a year in a country, provisional and final.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, month and version
        ``country``, ``year``, ``month``, ``version`` and ``deaths_best``; months without deaths may
        be absent.
    country : str
        The country.
    year : int
        The year.
    final, provisional : str
        The two releases.

    Returns
    -------
    pandas.DataFrame, one row a month, 1 to 12
        ``month``, ``provisional`` and ``final`` (persons killed), and ``error_pct``: how far the
        provisional figure lay above the final one, in percent; missing where the final is 0.

    Raises
    ------
    InputError
        When one of the releases does not hold the year.

    Examples
    --------
    >>> table = {"year": 2025, "month": [1, 1], "version": ["c", "f"], "deaths_best": [12, 10]}
    >>> table = pd.DataFrame(table).assign(country="X")
    >>> by_month(table, "X", 2025, "f", "c").iloc[0].tolist()
    [1.0, 12.0, 10.0, 20.0]
    """
    both = {
        name: _of_year(table, year, version)
        .loc[lambda rows: rows["country"] == country]
        .groupby("month")["deaths_best"]
        .sum()
        .reindex(range(1, 13), fill_value=0)
        .astype("int64")
        for name, version in {"provisional": provisional, "final": final}.items()
    }
    found = pd.DataFrame(both).rename_axis("month").reset_index()
    known = found["final"].where(found["final"] > 0)
    return found.assign(error_pct=100 * (found["provisional"] - known) / known)


def by_country(
    table: pd.DataFrame, year: int, final: str, provisional: str, least: int = 100
) -> pd.DataFrame:
    """Return the totals of a year by country, provisional and final.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`by_month`.
    year : int
        The year.
    final, provisional : str
        The two releases.
    least : int, default 100
        The least number of provisional deaths; a ratio of small numbers says little. The final
        figure does not choose, because it is what is asked for.

    Returns
    -------
    pandas.DataFrame, one row a country, most final deaths first
        ``country``, ``provisional``, ``final``, and ``ratio``: final over provisional.

    Raises
    ------
    InputError
        When one of the releases does not hold the year, or no country had that many deaths.

    Examples
    --------
    >>> rows = [("X", "c", 200), ("X", "f", 300), ("Y", "c", 9), ("Y", "f", 90)]
    >>> table = pd.DataFrame(rows, columns=["country", "version", "deaths_best"])
    >>> by_country(table.assign(year=2025, month=1), 2025, "f", "c")["ratio"].tolist()
    [1.5]
    """
    both = {
        name: _of_year(table, year, version).groupby("country")["deaths_best"].sum()
        for name, version in {"provisional": provisional, "final": final}.items()
    }
    found = pd.DataFrame(both).fillna(0).astype("int64")
    found = found[found["provisional"] >= least]
    if found.empty:
        raise InputError(f"no country had {least} deaths in {year} by version {provisional}")
    found = found.assign(ratio=found["final"] / found["provisional"])
    return found.sort_values("final", ascending=False).rename_axis("country").reset_index()


def finals(
    provisional: ArrayLike, ratios: ArrayLike, worlds: int, generator: np.random.Generator
) -> np.ndarray:
    """Return final figures that provisional ones may become.

    Each world draws ratios with replacement from those that were seen, as many as were seen, and
    then one of them for each period: so the periods of a world share what a few ratios leave open.

    Parameters
    ----------
    provisional : array-like of int, shape (n,)
        Provisional counts by period.
    ratios : array-like of float, shape (m,)
        Final over provisional counts of earlier periods, at least 0.
    worlds : int
        How many possible sets of final figures.
    generator : numpy.random.Generator
        Draws the ratios.

    Returns
    -------
    numpy.ndarray of float64, shape (worlds, n)
        Whole numbers of at least 0.

    Raises
    ------
    InputError
        When a count is none, there is no ratio or one is below 0 or not finite, ``worlds`` is no
        whole number of at least 1, or a seed stands in for the generator.

    Examples
    --------
    Where every provisional figure was half too high, this one is as well.

    >>> finals([150, 30], [2 / 3] * 12, 2, np.random.default_rng(1)).tolist()
    [[100.0, 20.0], [100.0, 20.0]]
    """
    known, seen = counts(provisional, "the provisional figures", 0), numbers(ratios, "the ratios")
    if seen.min() < 0:
        raise InputError(f"the ratios hold {seen.min():g}: expected final over provisional counts")
    shape, own = (whole(worlds, "worlds"), len(known)), generator_of(generator)
    resampled = own.choice(seen, (worlds, len(seen)))
    return np.round(known * np.take_along_axis(resampled, own.integers(len(seen), size=shape), 1))


def pasts(
    final: pd.Series,
    provisional: pd.Series,
    ratios: ArrayLike,
    worlds: int,
    generator: np.random.Generator,
) -> list[pd.Series]:
    """Return possible pasts: final figures, and behind them what provisional ones may become.

    Parameters
    ----------
    final : pandas.Series of int, PeriodIndex
        Final counts by period.
    provisional : pandas.Series of int, PeriodIndex
        Provisional counts; those of periods that ``final`` holds are not read. There may be none.
    ratios, worlds, generator
        As of :func:`finals`.

    Returns
    -------
    list of pandas.Series of float, PeriodIndex
        One for each world, all of the same periods.

    Raises
    ------
    InputError
        When a period between the last final and the last provisional one is missing, or as of
        :func:`finals`.

    Examples
    --------
    >>> months = pd.period_range("2025-12", periods=2, freq="M")
    >>> found = pasts(pd.Series([7.0], months[:1]), pd.Series([9.0, 8.0], months), [0.5], 1,
    ...               np.random.default_rng(1))
    >>> found[0].to_dict() == {months[0]: 7.0, months[1]: 4.0}
    True
    """
    fresh = provisional[provisional.index > final.index[-1]]
    wanted = pd.period_range(final.index[-1] + 1, periods=len(fresh), freq=final.index.freq)
    if not fresh.index.equals(wanted):
        raise InputError(
            f"the provisional figures do not follow {final.index[-1]} period by period; expected "
            f"{wanted[0]} to {wanted[-1]}"
        )
    drawn = finals(fresh, ratios, worlds, generator)
    return [pd.concat([final, pd.Series(one, wanted)]) for one in drawn]


def _of_year(table: pd.DataFrame, year: int, version: str) -> pd.DataFrame:
    rows = table[(table["version"] == version) & (table["year"] == year)]
    if rows.empty:
        raise InputError(f"version {version} of the table holds nothing of {year}")
    return rows
