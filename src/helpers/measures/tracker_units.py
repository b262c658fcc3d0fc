"""The figures of provinces that enter the measurement model, and national ones where they add.

Publishers draw regions in several ways: a province whole, or in two parts that were merged since.
The caller says which regions make up each unit, the whole first (``ways``). Where every unit but
one is known for a span that has a national figure, that one is what is left. A national figure of
which all units are there follows from them and does not enter again.
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.nesting import DEPENDENT, independent
from helpers.measures.quantities import COMPONENTS, less, plus, sound
from helpers.measures.releases import COUNTS
from helpers.measures.trackers import ENTRY, Figures, by_quantity, in_order, tidy

Ways = Mapping[str, Sequence[Sequence[str]]]
SPAN = ["source", "scope", "series", "metric", "months"]
UNPLACED = "the region is no unit and no part of one that is known whole"
WHOLE_ONLY = "the source prints this count for no unit"
OTHER_QUANTITY = "not a quantity that is compared by unit"


def published_units(
    periods: pd.DataFrame,
    country: str,
    ways: Ways,
    quantities: Iterable[str],
    sources: Iterable[str],
    window: tuple[str, str],
) -> Figures:
    """Return the published figures of units, and national ones that do not follow from them.

    Parameters
    ----------
    periods : pandas.DataFrame, one row a series and run of months
        The processed table ``published_periods``.
    country : str
        The region that is the whole.
    ways : mapping of str to sequence of sequences of str
        Each unit, and the regions that make it up: the first way of which all are printed is taken.
    quantities : iterable of str
        Keys of :data:`helpers.measures.quantities.COMPONENTS` that are compared by unit.
    sources : iterable of str
        The sources of the run.
    window : tuple of str
        First and last month, YYYY-MM.

    Returns
    -------
    Figures
        ``unit`` is a key of ``ways``, or empty for the whole country.

    Raises
    ------
    InputError
        When no figure of a unit enters.

    Examples
    --------
    >>> about = {"source": "P", "scope": "militant_attacks", "series": "s", "metric": "attacks"}
    >>> about |= {"precision": "exact", "flag": "", "vintage": "2025", "vintage_then": "2025"}
    >>> rows = pd.DataFrame({"region": ["X", "North", "South"], "value": [9.0, 4.0, 3.0]})
    >>> rows = rows.assign(**about, url="", url_then="", value_then=rows["value"], n_months=1)
    >>> rows = rows.assign(period_start=pd.Timestamp("2024-05-01"), period="2024-05")
    >>> ways = {"N": [["North"]], "S": [["South"]], "elsewhere": []}
    >>> whole = published_units(rows, "X", ways, ["attacks"], ["P"], ("2024-01", "2024-12"))
    >>> whole.entered.set_index("unit")["value"].to_dict()
    {'N': 4.0, 'S': 3.0, 'elsewhere': 2.0}
    """
    rows, left_out = sound(periods, sources, *window)
    wanted = rows["quantity"].isin(list(quantities))
    left_out = pd.concat([left_out, rows[~wanted].assign(reason=OTHER_QUANTITY)])
    rows = rows[wanted]
    placed = in_units(rows, country, ways)
    by_unit = placed[placed["unit"] != ""].groupby(["source", "quantity"]).size()
    here = pd.MultiIndex.from_frame(placed[["source", "quantity"]]).isin(by_unit.index)
    left_out = pd.concat([left_out, placed[~here].assign(reason=WHOLE_ONLY)])
    placed = placed[here]
    if by_unit.empty:
        raise InputError(f"no published figure of a unit enters between {' and '.join(window)}")
    parts = [by_quantity(own) for _, own in placed.groupby(["source", "quantity", "unit"])]
    entered = in_order(pd.concat([part[0] for part in parts]))
    entered = pd.concat([entered[entered["unit"] != ""], entered[entered["unit"] == ""]])
    new = not_twice(entered, list(ways))
    unplaced = rows[~rows["region"].isin({country, *_regions(ways)})].assign(reason=UNPLACED)
    twice = entered[~new].assign(reason=DEPENDENT)
    return tidy(entered[new], pd.concat([left_out, unplaced, twice, *(part[1] for part in parts)]))


def in_units(rows: pd.DataFrame, country: str, ways: Ways) -> pd.DataFrame:
    """Return the figures by unit, those of the whole country (unit ``""``) among them.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a figure
        As :func:`helpers.measures.trackers.sound` gives them, of any region.
    country : str
        The region that is the whole.
    ways : mapping of str to sequence of sequences of str
        Each unit, and the regions that make it up.

    Returns
    -------
    pandas.DataFrame
        The columns of ``rows`` and ``unit``; sums and rests are ``derived``.

    Examples
    --------
    >>> months = (pd.Period("2024-05", "M"),)
    >>> rows = pd.DataFrame({"region": ["Old", "New"], "value": [4.0, 3.0], "derived": False})
    >>> rows = rows.assign(value_then=rows["value"], printed=1, months=[months] * 2)
    >>> rows = rows.assign(**dict.fromkeys(SPAN[:4], ""))
    >>> in_units(rows, "X", {"N": [["All"], ["Old", "New"]]})["value"].tolist()
    [7.0]
    """
    made = []
    for _, own in rows.groupby(SPAN, sort=True):
        # Two texts may write one span in two ways; the later one goes first.
        records = own.sort_values("vintage") if "vintage" in own else own
        by_region = {row["region"]: row for row in records.to_dict("records")}
        known = {}
        for unit, alternatives in ways.items():
            whole = [way for way in alternatives if all(region in by_region for region in way)]
            if whole:
                known[unit] = plus([by_region[region] for region in whole[0]])
        absent = [unit for unit in ways if unit not in known]
        if country in by_region:
            national = by_region[country]
            if len(absent) == 1 and len(known) > 1:
                rest = less(national, list(known.values()))
                known |= {absent[0]: rest} if rest["value"] >= 0 else {}
            known[""] = national
        made += [row | {"unit": unit} for unit, row in known.items()]
    return pd.DataFrame(made, columns=[*rows.columns, "unit"])


def not_twice(figures: pd.DataFrame, units: Sequence[str]) -> pd.Series:
    """Say which figures do not follow from those before them, over units and quantities.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a figure, in the order in which they may enter
        ``source``, ``quantity``, ``unit`` (``""`` for all units together) and ``months``.
    units : sequence of str
        All units.

    Returns
    -------
    pandas.Series of bool
        With the index of ``figures``.

    Examples
    --------
    >>> month = (pd.Period("2024-05", "M"),)
    >>> rows = pd.DataFrame({"unit": ["N", "S", ""], "months": [month] * 3})
    >>> not_twice(rows.assign(source="P", quantity="attacks"), ["N", "S"]).tolist()
    [True, True, False]
    """
    cells = {
        f"{quantity} {unit}": [
            f"{part} {place}" for part in parts for place in ([unit] if unit else units)
        ]
        for quantity, parts in COMPONENTS.items()
        for unit in ["", *units]
    }
    named = figures.assign(what=figures["quantity"] + " " + figures["unit"])
    found = [independent(own, cells, "what") for _, own in named.groupby("source", sort=False)]
    return pd.concat(found).reindex(figures.index)


def _regions(ways: Ways) -> set[str]:
    return {region for alternatives in ways.values() for way in alternatives for region in way}


def released_units(
    provinces: pd.DataFrame, ways: Ways, source: str, window: tuple[str, str]
) -> pd.DataFrame:
    """Return events by unit, month and type of violence of the release that has provinces.

    The release does not say by province who fought: fighting between states and one-sided violence
    by governments are in these counts.

    Parameters
    ----------
    provinces : pandas.DataFrame, one row a province and month
        The processed table ``ucdp_province_month``.
    ways : mapping of str to sequence of sequences of str
        The units. A province that is no unit counts in the one without a way, the rest.
    source : str
        The name under which the figures enter.
    window : tuple of str
        First and last month, YYYY-MM.

    Returns
    -------
    pandas.DataFrame, one row a quantity, unit and month
        The columns of :data:`helpers.measures.trackers.ENTRY`.

    Raises
    ------
    InputError
        When the window has no month, or not exactly one unit is the rest.

    Examples
    --------
    >>> table = pd.DataFrame({"province": ["North", "Isle"], "version": "25.1"})
    >>> table = table.assign(month=pd.Timestamp("2024-05-01"), events_state_based=[4, 1])
    >>> ways = {"North": [["North"]], "elsewhere": []}
    >>> rows = released_units(table.assign(events_one_sided=0), ways, "U", ("2024-01", "2024-12"))
    >>> rows.query("value > 0")[["quantity", "unit", "value"]].values.tolist()
    [['events_state_based', 'North', 4.0], ['events_state_based', 'elsewhere', 1.0]]
    """
    rests = [unit for unit, alternatives in ways.items() if not alternatives]
    if len(rests) != 1:
        raise InputError(f"one unit has to be the rest, without a way of its own, not {len(rests)}")
    month = pd.PeriodIndex(provinces["month"], freq="M")
    rows = provinces[(month >= pd.Period(window[0], "M")) & (month <= pd.Period(window[1], "M"))]
    if rows.empty:
        raise InputError(f"the table of provinces has no month between {' and '.join(window)}")
    unit = rows["province"].where(rows["province"].isin(list(ways)), rests[0])
    counts = [name for name, (what, _) in COUNTS.items() if what == "events"]
    keys = {"unit": unit, "month": pd.PeriodIndex(rows["month"], freq="M")}
    sums = rows.assign(**keys).groupby(["unit", "month", "version"], as_index=False)[counts].sum()
    long = sums.melt(["unit", "month", "version"], var_name="quantity", value_name="value")
    long = long.sort_values(["quantity", "unit", "month"], ignore_index=True)
    long["months"] = [(month,) for month in long["month"]]
    long = long.rename(columns={"version": "vintage"}).astype({"value": "float64"})
    return long.assign(source=source, derived=False, url="")[ENTRY]
