"""Rules between the cells of a table: what cannot be, however well each cell looks by itself.

A sidecar declares them under ``rules``. A row that breaks one as published is named under the
rule's ``known``; any other is refused, also when the table is stamped anew. What a column's name
says of itself (:data:`NAMED`) needs no declaration.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from helpers.base.models import Strict

if TYPE_CHECKING:
    import pandas as pd

# Bounds that a column of this name has in every table.
NAMED = {
    "year": (1800.0, 2100.0),
    "month": (1.0, 12.0),
    "day": (1.0, 31.0),
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "share": (0.0, 1.0),
    "share_pct": (0.0, 100.0),
}


class _Rule(Strict):
    """What all rules have.

    Attributes
    ----------
    known : list of dict of str to str
        Rows that break the rule as published: column to value, enough of them to tell the row.
    where : dict of str to list of str
        Of which rows it speaks: column to the values that they have; of all by default.
    """

    known: list[dict[str, str]] = Field(default_factory=list)
    where: dict[str, list[str]] = Field(default_factory=dict)

    def names(self) -> Iterator[str]:
        """Yield the columns that the rule speaks of.

        Yields
        ------
        str
            A name, which may come twice.
        """
        yield from self.where
        for row in self.known:
            yield from row


class Order(_Rule):
    """Columns whose values do not fall from the first to the last, such as low, best and high.

    Attributes
    ----------
    rule : {"order"}
        The kind.
    columns : list of str
        At least two; empty cells are passed over.
    """

    rule: Literal["order"]
    columns: list[str] = Field(min_length=2)


class Total(_Rule):
    """Parts that add up to a total, in rows that state all of them.

    Attributes
    ----------
    rule : {"total"}
        The kind.
    column : str
        The total.
    parts : list of str
        The columns of the parts.
    exact : bool, default True
        Whether parts equal the total, or only do not exceed it.
    """

    rule: Literal["total"]
    column: str
    parts: list[str] = Field(min_length=1)
    exact: bool = True


class Bounds(_Rule):
    """Least and greatest values of a column in some rows.

    Attributes
    ----------
    rule : {"bounds"}
        The kind.
    column : str
        The column.
    minimum, maximum : float, optional
        The bounds, which are allowed themselves.
    """

    rule: Literal["bounds"]
    column: str
    minimum: float | None = None
    maximum: float | None = None


class Steady(_Rule):
    """No value so many times the greatest other one of its series, as after a slip of 1,000.

    Attributes
    ----------
    rule : {"steady"}
        The kind.
    column : str
        The column.
    within : list of str
        Columns that make a series; a series of one value is passed over.
    beside : str, optional
        The column whose value in the same row is taken in place of those of a series.
    factor : float
        How many times the greatest other value is too much.
    least : float, default 10
        What the greatest other value counts as where it is less.
    """

    rule: Literal["steady"]
    column: str
    within: list[str] = Field(default_factory=list)
    beside: str | None = None
    factor: float = Field(gt=1)
    least: float = Field(10, gt=0)


class Whole(_Rule):
    """Rows of a whole, such as a country, whose values are the sums of the other rows.

    Attributes
    ----------
    rule : {"whole"}
        The kind.
    columns : list of str
        The columns that are summed.
    by : list of str
        Columns whose values make a group, such as the year.
    whole : dict of str to str
        Column to value, which the rows of the whole have.
    """

    rule: Literal["whole"]
    columns: list[str] = Field(min_length=1)
    by: list[str] = Field(min_length=1)
    whole: dict[str, str] = Field(min_length=1)


class Sums(_Rule):
    """Columns whose sums are those of another table, wherever both state all of them.

    Attributes
    ----------
    rule : {"sums"}
        The kind.
    columns : list of str
        The columns, which both tables have.
    by : list of str
        Columns whose values make a group; both tables have them.
    of : str
        The other table, beside this one.
    """

    rule: Literal["sums"]
    columns: list[str] = Field(min_length=1)
    by: list[str] = Field(min_length=1)
    of: str = Field(pattern=r"^[\w-]+\.csv$")


Rule = Annotated[Order | Total | Bounds | Steady | Whole | Sums, Field(discriminator="rule")]


def columns_of(rule: Rule) -> set[str]:
    """Return the columns that a rule needs.

    Parameters
    ----------
    rule : Order, Total, Bounds, Steady or Sums
        The rule.

    Returns
    -------
    set of str
        Their names.

    Examples
    --------
    >>> sorted(columns_of(Order(rule="order", columns=["low", "high"], known=[{"year": "1990"}])))
    ['high', 'low', 'year']
    """
    named = set(rule.names())
    if isinstance(rule, Order):
        return named | set(rule.columns)
    if isinstance(rule, Total):
        return named | {rule.column, *rule.parts}
    if isinstance(rule, Bounds):
        return named | {rule.column}
    if isinstance(rule, Steady):
        return named | {rule.column, *rule.within, *([rule.beside] if rule.beside else [])}
    whole = rule.whole if isinstance(rule, Whole) else ()
    return named | {*rule.columns, *rule.by, *whole}


def broken(
    rule: Rule, text: "pd.DataFrame", frame: "pd.DataFrame", other: "pd.DataFrame | None" = None
) -> tuple[int, str] | None:
    """Find the first row that breaks a rule.

    Parameters
    ----------
    rule : Order, Total, Bounds, Steady or Sums
        The rule.
    text : pandas.DataFrame of str, shape (n_rows, n_columns)
        The cells as they are written.
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The same with the types of the sidecar.
    other : pandas.DataFrame, optional
        The other table of :class:`Sums`, typed; without it that rule is passed over.

    Returns
    -------
    tuple of int and str, or None
        The row, counted from 0, and in words what is wrong with it; ``None`` where all obey.

    Examples
    --------
    >>> import pandas as pd
    >>> text = pd.DataFrame({"low": ["1", "9"], "high": ["4", "5"]})
    >>> broken(Order(rule="order", columns=["low", "high"]), text, text.astype(int))
    (1, 'low 9 and high 5 are not in this order')
    """
    import pandas as pd

    chosen = _chosen(rule, text)
    if isinstance(rule, Sums):
        return (
            _unequal(rule, frame[chosen], other, f"the rows of {rule.of}")
            if other is not None
            else None
        )
    if isinstance(rule, Whole):
        is_whole = (text[list(rule.whole)] == pd.Series(rule.whole)).all(axis=1)
        parts = frame[chosen & ~is_whole]
        return _unequal(rule, frame[chosen & is_whole], parts, "its parts")
    wrong = breaking(rule, text, frame)
    if not wrong.any():
        return None
    place = int(wrong.to_numpy().argmax())
    return place, _said(rule, text.iloc[place])


def _chosen(rule: Rule, text: "pd.DataFrame") -> "pd.Series":
    """Return of which rows a rule speaks: not of those known to break it as published."""
    import pandas as pd

    chosen = pd.Series(True, index=text.index)
    for name, values in rule.where.items():
        chosen &= text[name].isin(values)
    for row in rule.known:
        chosen &= ~(text[list(row)] == pd.Series(row)).all(axis=1)
    return chosen


def breaking(
    rule: Order | Total | Bounds | Steady, text: "pd.DataFrame", frame: "pd.DataFrame"
) -> "pd.Series":
    """Find all rows that break a rule that one table can tell.

    Parameters
    ----------
    rule : Order, Total, Bounds or Steady
        The rule.
    text : pandas.DataFrame of str, shape (n_rows, n_columns)
        The cells as they are written.
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The same with the types of the sidecar.

    Returns
    -------
    pandas.Series of bool, shape (n_rows,)
        True where a row breaks it and is not known to.

    Examples
    --------
    >>> import pandas as pd
    >>> text = pd.DataFrame({"low": ["1", "9"], "high": ["4", "5"]})
    >>> breaking(Order(rule="order", columns=["low", "high"]), text, text.astype(int)).tolist()
    [False, True]
    """
    chosen = _chosen(rule, text)
    return _breaks(rule, frame, chosen) & chosen


def _breaks(rule: Rule, frame: "pd.DataFrame", chosen: "pd.Series") -> "pd.Series":
    """Return which rows break a rule that one table can tell; what is empty breaks none."""
    import pandas as pd

    wrong = pd.Series(False, index=frame.index)
    if isinstance(rule, Order):
        for number, before in enumerate(rule.columns):
            for after in rule.columns[number + 1 :]:
                stated = frame[before].notna() & frame[after].notna()
                pair = frame.loc[stated]
                wrong |= (pair[before] > pair[after]).reindex(wrong.index, fill_value=False)
    elif isinstance(rule, Total):
        parts = frame[rule.parts].astype("Float64").sum(axis=1, skipna=False)
        total = frame[rule.column].astype("Float64")
        room = 1e-9 * total.abs() + 1e-9
        wrong = (parts > total + room) | (rule.exact & (parts < total - room))
    elif isinstance(rule, Bounds):
        value = frame[rule.column]
        if rule.minimum is not None:
            wrong |= (value < rule.minimum).fillna(False).astype(bool)
        if rule.maximum is not None:
            wrong |= (value > rule.maximum).fillna(False).astype(bool)
    elif isinstance(rule, Steady):
        value = frame.loc[chosen, rule.column].astype("float64").abs().dropna()
        if rule.beside:
            others = frame.loc[value.index, rule.beside].astype("float64").abs()
        else:
            others = _greatest_other(value, frame.loc[value.index, rule.within])
        jumps = value > rule.factor * others.clip(lower=rule.least)
        wrong = jumps.reindex(wrong.index, fill_value=False)
    return wrong.fillna(False).astype(bool)


def _greatest_other(value: "pd.Series", series: "pd.DataFrame") -> "pd.Series":
    """Return the greatest other value of each one's series; what stands alone has none."""
    keys = [series[name].astype("str") for name in series] or [value.notna()]
    falling = value.sort_values(ascending=False)
    place = falling.groupby([key.loc[falling.index] for key in keys]).cumcount()
    greatest = value.groupby(keys).transform("max")
    second = value.where(place.reindex(value.index) == 1).groupby(keys).transform("max")
    is_greatest = (place == 0).reindex(value.index)
    return second.where(is_greatest, greatest)


def _unequal(
    rule: Sums | Whole, one: "pd.DataFrame", two: "pd.DataFrame", where: str
) -> tuple[int, str] | None:
    """Return the first row of the first group whose sums differ between two frames."""
    import pandas as pd

    if one.empty or not {*rule.columns, *rule.by} <= set(two.columns):
        return None
    types = dict.fromkeys(rule.by, "str") | dict.fromkeys(rule.columns, "Float64")
    first, second = (
        # A group that leaves one cell empty does not state its sum.
        frame.astype(types).groupby(rule.by)[rule.columns].sum(skipna=False)
        for frame in (one, two)
    )
    second = second.reindex(first.index)
    unequal = ((first - second).abs() > 1e-6).fillna(False)
    if not unequal.to_numpy().any():
        return None
    group = unequal.any(axis=1).idxmax()
    name = unequal.loc[group].idxmax()
    keys = one[rule.by].astype("str")
    wanted = pd.Series(list(group) if isinstance(group, tuple) else [group], index=rule.by)
    place = (keys == wanted).all(axis=1).idxmax()
    cells = ", ".join(f"{key}={cell}" for key, cell in keys.loc[place].items())
    return int(place), (
        f"{name} is {first.at[group, name]:.15g} where {cells}, but {where} add up to "
        f"{second.at[group, name]:.15g}"
    )


def _said(rule: Rule, row: "pd.Series") -> str:
    if isinstance(rule, Order):
        cells = [f"{name} {row[name]}" for name in rule.columns if row[name]]
        return f"{', '.join(cells[:-1])} and {cells[-1]} are not in this order"
    if isinstance(rule, Total):
        parts = ", ".join(f"{name} {row[name]}" for name in rule.parts)
        verb = "do not add up to" if rule.exact else "exceed"
        return f"{parts} {verb} {rule.column} {row[rule.column]}"
    if isinstance(rule, Steady) and rule.beside:
        return (
            f"{rule.column} {row[rule.column]} is over {rule.factor:g} times {rule.beside} "
            f"{row[rule.beside]}"
        )
    if isinstance(rule, Steady):
        series = ", ".join(row[name] for name in rule.within) or "the table"
        return (
            f"{rule.column} {row[rule.column]} is over {rule.factor:g} times any other value of "
            f"{series}"
        )
    assert isinstance(rule, Bounds)
    ends = [
        f"{word} {end:g}"
        for word, end in (("at least", rule.minimum), ("at most", rule.maximum))
        if end is not None
    ]
    return f"{rule.column} is {row[rule.column]}, expected {' and '.join(ends)}"
