"""``make grade``: hold every frozen forecast against the months that have come."""

from typing import TYPE_CHECKING

from helpers.base import paths
from helpers.measures import grades
from helpers.raw.contract import load
from helpers.run import frozen

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ["origin", "target", "month", "version", "until", "deaths", "median", "low_80", "high_80"]
SCORES = ["inside_80", "inside_95", "crps", "log_score"]


def came() -> grades.Came:
    """Return the tables that tell what came.

    Returns
    -------
    Came

    Raises
    ------
    InputError
        When one of them is not what its sidecar says.
    """
    before = [paths.RAW / f"{name}_before.csv" for name in ("country_month", "group_month")]
    return grades.Came(
        load(paths.RAW / "country_month.csv"),
        load(paths.RAW / "group_month.csv"),
        load(paths.RAW / "groups.csv"),
        *(load(path) if path.exists() else None for path in before),
    )


def grade() -> list[str]:
    """Return how each frozen forecast has done so far, by version of the data.

    Returns
    -------
    list of str
        Lines: a table of the months of each forecast that have come, and what became of it.

    Raises
    ------
    InputError
        When a forecast is not what was frozen, or a table not what its sidecar says.
    """
    frozen.require()
    made = frozen.read_all()
    if not made:
        return ["no forecast is frozen yet; make freeze"]
    tables, lines = came(), []
    for one in made:
        about = one.about
        seen = grades.outcomes(tables, about.country, about.provisional)
        found = grades.graded(one.table, seen)
        lines.append(f"the forecast from {about.origin}, frozen on {about.date}")
        if found.empty:
            lines.append(f"  no month has come; it foretells {about.first} to {about.last}")
            continue
        lines += [f"  {line}" for line in _table(found).to_string(index=False).splitlines()]
        standing = grades.newest(found)
        for target, rows in standing.groupby("target", sort=False):
            foretold = one.table.loc[one.table["target"] == target, "month"].nunique()
            lines.append(f"  {target}: {grades.verdict(rows, foretold)}")
    return lines


def _table(found: "pd.DataFrame") -> "pd.DataFrame":
    """Return a row for each month and version, with the score of each naive forecast beside."""
    pool = found[found["model"] == grades.POOL].set_index(grades.KEYS)
    wide = pool[[*SHOWN[5:], *SCORES]]
    for name in grades.NAIVE:
        one = found[found["model"] == name].set_index(grades.KEYS)["crps"]
        wide = wide.assign(**{f"crps, {name}": one})
    return wide.reset_index().round(2)
