"""Whom violence harms: victims, militants, attacks and operations, by source and year.

A source seldom prints a class of harm in every year, and prints it in more than one way: as a
figure, as two parts that add up to it, or as a total and the part that is not wanted. Each such
:class:`Way` gives a *reading*. Readings say how they came about, and a year for which no way is
open is missing; nothing is ever filled with zero.

**The estimand.** *Victims* are civilians and security forces. Militants are counted apart, because
a total in which both stand can double when the state kills more of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.base.errors import InputError

ALL_DEAD, VICTIMS, CIVILIANS = "all the dead", "victims", "civilians"
FORCES, MILITANTS = "security forces", "militants"
ATTACKS, OPERATIONS = "attacks by militants", "operations of the state"
WHOLE, IN_ATTACKS, IN_OPERATIONS = "all violence", "attacks only", "operations only"
OFFICIAL = "as an authority defines it"
PRINTED, COUNTED, DERIVED, MISSING = "printed", "counted", "derived", "missing"
EXACT = "exact"  # neither rounded nor a bound
PROVISIONAL = "provisional"  # counted, but not final and not the whole year

Figure = tuple[str, str]  # the scope and the metric under which a figure is printed


@dataclass(frozen=True)
class Way:
    """One way to a class of harm from what a source prints.

    Attributes
    ----------
    harm : str
        The class, such as :data:`VICTIMS`.
    counts : str
        Which violence is counted, such as :data:`WHOLE`.
    plus, minus : tuple of (str, str)
        Scope and metric of the figures that are added and taken off.
    """

    harm: str
    counts: str
    plus: tuple[Figure, ...]
    minus: tuple[Figure, ...] = ()

    @property
    def how(self) -> str:
        """How the class comes about: printed, a sum of parts, or a total less a part."""
        if self.minus:
            return "total less a part"
        return PRINTED if len(self.plus) == 1 else "sum of parts"


def _ways_in(scope: str, counts: str) -> list[Way]:
    """Return the ways to the classes of the dead inside one scope."""
    civilians, forces = (scope, "killed_civilians"), (scope, "killed_security_forces")
    return [
        Way(VICTIMS, counts, (civilians, forces)),
        Way(CIVILIANS, counts, (civilians,)),
        Way(FORCES, counts, (forces,)),
    ]


_BOTH = ("civilians_and_security_forces", "killed")
_TOTAL, _MILITANTS = ("combined", "killed"), ("combined", "killed_militants")
_FORCES = ("combined", "killed_security_forces")

# The widest violence first, and there a printed figure before a derived one.
WAYS: tuple[Way, ...] = (
    Way(ALL_DEAD, WHOLE, (_TOTAL,)),
    Way(VICTIMS, WHOLE, (_BOTH,)),
    *_ways_in("combined", WHOLE),
    Way(VICTIMS, WHOLE, (_TOTAL,), (_MILITANTS,)),
    Way(CIVILIANS, WHOLE, (_BOTH,), (_FORCES,)),
    Way(MILITANTS, WHOLE, (_MILITANTS,)),
    *_ways_in("official", OFFICIAL),
    *_ways_in("militant_attacks", IN_ATTACKS),
    Way(MILITANTS, IN_OPERATIONS, (("state_operations", "killed_militants"),)),
    Way(ATTACKS, IN_ATTACKS, (("militant_attacks", "attacks"),)),
    Way(OPERATIONS, IN_OPERATIONS, (("state_operations", "operations"),)),
)

COLUMNS = ["harm", "source", "year", "value", "status", "counts", "how", "precision", "vintages"]
KEY = ["harm", "source", "year"]


def readings(yearly: pd.DataFrame, region: str, ways: Sequence[Way] = WAYS) -> pd.DataFrame:
    """Return every reading that printed figures allow, one a class, source, year and way.

    Flagged figures are left out. Where a source has two series of one figure the smaller stands, so
    that a level is never overstated. A total smaller than the part to be taken off gives nothing.

    Parameters
    ----------
    yearly : pandas.DataFrame, one row a figure
        The tidy table of years: ``source``, ``scope``, ``region``, ``metric``, ``period_start``
        (timestamp), ``value``, ``derived``, ``precision``, ``vintage`` and ``flag``.
    region : str
        The country or a part of it.
    ways : sequence of Way, default WAYS
        The ways that are open, those to be preferred first.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`, in the order of ``ways``: ``value`` in persons or in events, ``status``
        (:data:`PRINTED` or :data:`DERIVED`), ``precision`` (:data:`EXACT`, or its hedge), and
        ``vintages``: when the parts were printed.

    Raises
    ------
    InputError
        When the region has no figure, or no way is open.

    Examples
    --------
    >>> row = {"source": "P", "scope": "combined", "region": "X", "precision": "exact", "flag": ""}
    >>> row |= {"period_start": pd.Timestamp("2024-01-01"), "derived": False, "vintage": "2025"}
    >>> printed = pd.DataFrame([row | {"metric": "killed", "value": 90.0},
    ...                         row | {"metric": "killed_militants", "value": 30.0}])
    >>> found = readings(printed, "X")
    >>> found[["harm", "value", "how"]].values.tolist()[1]
    ['victims', 60.0, 'total less a part']
    """
    rows = yearly[(yearly["region"] == region) & yearly["flag"].eq("")]
    if rows.empty:
        raise InputError(f"no figure of '{region}' is at hand that no correction flags")
    rows = rows.assign(year=rows["period_start"].dt.year).sort_values("value", kind="stable")
    one = rows.drop_duplicates(["source", "year", "scope", "metric"])
    wide = one.pivot(
        index=["source", "year"],
        columns=["scope", "metric"],
        values=["value", "derived", "precision", "vintage"],
    )
    found = [_by(wide, way) for way in ways if _open(wide, way)]
    if not found:
        raise InputError(f"no class of harm can be read from the figures of '{region}'")
    return pd.concat(found, ignore_index=True)[COLUMNS]


def _open(wide: pd.DataFrame, way: Way) -> bool:
    return all(("value", *figure) in wide for figure in (*way.plus, *way.minus))


def _by(wide: pd.DataFrame, way: Way) -> pd.DataFrame:
    """Return the readings by one way: where all its parts are there, and the rest is a count."""
    part = {name: wide[name][[*way.plus, *way.minus]] for name in wide.columns.levels[0]}
    whole = part["value"].notna().all(axis=1)
    part = {name: table[whole] for name, table in part.items()}
    numbers = part["value"].astype("float64")
    value = numbers[[*way.plus]].sum(axis=1) - numbers[[*way.minus]].sum(axis=1)
    stated = (way.how == PRINTED) & ~part["derived"].astype(bool).any(axis=1)
    rows = pd.DataFrame(
        {
            "value": value,
            "status": stated.map({True: PRINTED, False: DERIVED}),
            "how": way.how if way.how != PRINTED else stated.map({True: PRINTED, False: "months"}),
            "precision": [_hedge(row) for row in part["precision"].to_numpy()],
            "vintages": [", ".join(sorted(set(row))) for row in part["vintage"].to_numpy()],
        }
    )
    rows = rows[rows["value"] >= 0].reset_index()
    return rows.assign(harm=way.harm, counts=way.counts)


def _hedge(parts: Collection[str]) -> str:
    """Return how a number is hedged that is made of parts: as its only part, else about."""
    hedges = [one for one in parts if one != EXACT]
    if not hedges:
        return EXACT
    return hedges[0] if len(parts) == 1 else "about"


def counted(
    sums: pd.DataFrame, source: str, counts: str, vintage: str, part_years: Collection[int] = ()
) -> pd.DataFrame:
    """Return sums of events by year as readings, to stand beside printed figures.

    Parameters
    ----------
    sums : pandas.DataFrame of int, shape (n_years, n_classes), index of years
        One column a class of harm; what is missing gives no reading. Victims are added where
        civilians and security forces are there.
    source, counts, vintage : str
        Who counted, which violence, and in which release.
    part_years : collection of int, optional
        Years of which only some months are counted, and those not finally.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`; ``status`` is :data:`COUNTED`, or :data:`PROVISIONAL` in ``part_years``.

    Examples
    --------
    >>> dead = pd.DataFrame({"civilians": [2], "security forces": [3]}, index=[2020])
    >>> counted(dead, "U", WHOLE, "22.1").query("harm == 'victims'")["value"].tolist()
    [5.0]
    """
    if {CIVILIANS, FORCES} <= {*sums}:
        sums = sums.assign(**{VICTIMS: sums[CIVILIANS] + sums[FORCES]})
    rows = sums.rename_axis(index="year", columns="harm").stack().astype("float64")
    table = rows.rename("value").dropna().reset_index()
    table["status"] = table["year"].isin(list(part_years)).map({True: PROVISIONAL, False: COUNTED})
    return table.assign(
        source=source, counts=counts, how=COUNTED, precision=EXACT, vintages=vintage
    )[COLUMNS]


def by_year(found: pd.DataFrame, years: Collection[int]) -> pd.DataFrame:
    """Return one row a class, source and year, with the first reading of each and what is missing.

    Parameters
    ----------
    found : pandas.DataFrame
        Readings in order of preference.
    years : collection of int
        The years that are wanted.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`, sorted by class (in order of appearance), source and year, for each pair of
        class and source with a reading in one of the years. Where there is none for a year,
        ``value`` is missing and ``status`` is :data:`MISSING`.

    Raises
    ------
    InputError
        When no reading is of these years.

    Examples
    --------
    >>> dead = pd.DataFrame({"militants": [7, 9]}, index=[2020, 2022])
    >>> table = by_year(counted(dead, "U", WHOLE, "22.1"), [2020, 2021, 2022])
    >>> table[["year", "value", "status"]].values.tolist()[1]
    [2021, nan, 'missing']
    """
    first = found[found["year"].isin(list(years))].drop_duplicates(KEY)
    if first.empty:
        raise InputError("no reading is of the years that are wanted: there is nothing to show")
    pairs = first[["harm", "source"]].drop_duplicates()
    every = pairs.merge(pd.DataFrame({"year": sorted(years)}), how="cross")
    table = every.merge(first, on=KEY, how="left")
    table["status"] = table["status"].fillna(MISSING)
    order = {harm: place for place, harm in enumerate(dict.fromkeys(found["harm"]))}
    table = table.assign(place=table["harm"].map(order))
    return table.sort_values(["place", "source", "year"], ignore_index=True)[COLUMNS]


def changes(found: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """Return how each source's count changed, read in one way in both years.

    Provisional readings cover a part of their year and are left out.

    Parameters
    ----------
    found : pandas.DataFrame
        Readings in order of preference; the first way that is open in both years is taken.
    before, after : int
        The two years.

    Returns
    -------
    pandas.DataFrame
        ``harm``, ``source``, ``counts``, ``how``, the counts ``before`` and ``after``,
        ``change_pct`` (percent; missing after none) and ``exact``.

    Raises
    ------
    InputError
        When the years are one, or no source has both.

    Examples
    --------
    >>> dead = pd.DataFrame({"militants": [40, 50]}, index=[2023, 2024])
    >>> changes(counted(dead, "U", WHOLE, "22.1"), 2023, 2024)["change_pct"].tolist()
    [25.0]
    """
    if before == after:
        raise InputError(f"a change needs two years, and both are {before}")
    same = ["harm", "source", "counts", "how"]
    whole = found[found["status"] != PROVISIONAL]
    rows = {year: whole[whole["year"] == year].drop_duplicates(same) for year in (before, after)}
    both = rows[before].merge(rows[after], on=same, suffixes=("_before", "_after"))
    if both.empty:
        raise InputError(f"no source has a reading of {before} and of {after} in one way")
    both = both.drop_duplicates(["harm", "source"], ignore_index=True)
    base = both["value_before"].where(both["value_before"] > 0)
    return both[same].assign(
        before=both["value_before"],
        after=both["value_after"],
        change_pct=100 * (both["value_after"] / base - 1),
        exact=both[["precision_before", "precision_after"]].eq(EXACT).all(axis=1),
    )


def unaccounted(found: pd.DataFrame) -> pd.DataFrame:
    """List where a printed total and its three printed parts differ.

    Parameters
    ----------
    found : pandas.DataFrame
        Readings.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``year``, the parts and the total as printed for all violence, and ``rest``: the
        total less its parts, above zero where somebody died who is in none of them. Years in which
        the parts add up, or one is not printed, are left out.

    Examples
    --------
    >>> dead = {"all the dead": 10, "civilians": 2, "security forces": 3, "militants": 4}
    >>> found = counted(pd.DataFrame(dead, index=[2025]), "P", WHOLE, "x")
    >>> unaccounted(found.assign(how="printed"))["rest"].tolist()
    [1.0]
    """
    parts = [CIVILIANS, FORCES, MILITANTS]
    rows = found[(found["counts"] == WHOLE) & (found["how"] == PRINTED)]
    wide = rows[rows["harm"].isin([ALL_DEAD, *parts])].pivot(
        index=["source", "year"], columns="harm", values="value"
    )
    wide = wide.reindex(columns=[*parts, ALL_DEAD]).dropna()
    wide["rest"] = wide[ALL_DEAD] - wide[parts].sum(axis=1)
    return wide[wide["rest"] != 0].reset_index().rename_axis(columns=None)


def written(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of classes and sources by year in which each number says how it came about.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`by_year`.

    Returns
    -------
    pandas.DataFrame of str
        ``harm``, ``source``, and a column a year: the number as printed or counted, with a star
        where it follows from others, its hedge (``about``, ``at least``) before it, and a dash
        where it is missing.

    Examples
    --------
    >>> dead = pd.DataFrame({"militants": [1700, 9]}, index=[2020, 2022])
    >>> table = by_year(counted(dead, "U", WHOLE, "22.1"), [2020, 2021])
    >>> written(table).iloc[0].tolist()
    ['militants', 'U', '1,700', '–']
    """
    words = [_word(row.value, row.status, row.precision) for row in table.itertuples()]
    wide = table.assign(words=words).pivot(index=["harm", "source"], columns="year", values="words")
    order = pd.MultiIndex.from_frame(table[["harm", "source"]].drop_duplicates())
    return wide.reindex(order).rename(columns=str).reset_index().rename_axis(columns=None)


def _word(value: float, status: str, precision: str) -> str:
    if pd.isna(value):
        return "–"
    mark = {DERIVED: "*", PROVISIONAL: " (part)"}.get(status, "")
    return f"{value:,.0f}{mark}" if precision == EXACT else f"{precision} {value:,.0f}{mark}"
