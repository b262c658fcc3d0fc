"""Which release of UCDP a file is of: told by the file, by its name or by the caller."""

import re
from collections.abc import Sequence

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.ucdp_columns import CANDIDATE

# A release of GED has two numbers (25.1); those of the candidate events name a month (25.0.11) or
# a span of months (26.01.26.03).
FINAL, MONTHLY = r"\d{1,2}\.[1-9]", r"\d{2}\.\d{1,2}\.\d{1,2}(\.\d{1,2})?"
# ged251-csv.zip, GEDEvent_v25_1.csv, GEDEvent_v26_01_26_03.csv, ged_22_1_events.csv
IN_NAME = re.compile(
    r"(?:(?:v|ged|candidate)[ ._-]?(?P<long>\d{2}(?:[._]\d{1,2}){1,3})|ged[ ._-]?(?P<short>\d{3}))"
    r"(?!\d)(?![._]\d)",
    re.IGNORECASE,
)


def series(version: str, where: str) -> str:
    """Return what the tables call a release.

    Parameters
    ----------
    version : str
        As the publisher numbers it, or ``candidate``.
    where : str
        Where it was read, for the sentence.

    Returns
    -------
    str
        The number of a release of GED; ``candidate`` for one of the candidate events.

    Raises
    ------
    InputError
        When it is neither.

    Examples
    --------
    >>> series("25.1", "ged.csv"), series("25.0.11", "ged.csv"), series("26.01.26.03", "ged.csv")
    ('25.1', 'candidate', 'candidate')
    """
    version = version.strip().lower().removeprefix("v").replace("_", ".")
    if re.fullmatch(FINAL, version):
        return version
    if version == CANDIDATE or re.fullmatch(MONTHLY, version):
        return CANDIDATE
    raise InputError(
        f"{where}: '{version}' is no version of UCDP; expected one like 25.1 (GED), 25.0.11 or "
        f"{CANDIDATE}"
    )


def named(name: str) -> str | None:
    """Return the version that the name of a file tells.

    Parameters
    ----------
    name : str
        Name of a file.

    Returns
    -------
    str or None
        The version, numbers parted by dots; None where the name tells none.

    Examples
    --------
    >>> [named(name) for name in ("ged251-csv.zip", "GEDEvent_v25_0_11.csv", "events_2021.csv")]
    ['25.1', '25.0.11', None]
    """
    found = IN_NAME.search(name)
    if found is None:
        return CANDIDATE if CANDIDATE in name.lower() else None
    if found["short"]:
        return f"{found['short'][:2]}.{found['short'][2]}"
    return re.sub("[._]", ".", found["long"])


def release_of(names: Sequence[str], told: str | None) -> str:
    """Return the release of a file that holds none.

    Parameters
    ----------
    names : sequence of str
        Names of the file and of what is packed in it.
    told : str, optional
        The version that the caller states for files that tell none.

    Returns
    -------
    str
        As the publisher numbers it.

    Raises
    ------
    InputError
        When neither tells it, or the names disagree.

    Examples
    --------
    >>> release_of(["ged251-csv.zip", "GEDEvent_v25_1.csv"], None), release_of(["a.csv"], "24.1")
    ('25.1', '24.1')
    >>> release_of(["events.csv"], None)
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: events.csv tells no version of UCDP, neither in a column \
ucdp_version nor in its name; name it as it was published, like GEDEvent_v25_1.csv
    """
    found = {version: name for name in names if (version := named(name))}
    if len({series(version, name) for version, name in found.items()}) > 1:
        raise InputError(f"{names[0]} holds {names[-1]}, which is of another version")
    release = next(iter(found), told)
    if told and release and series(told, "--version") != series(release, names[0]):
        raise InputError(f"{names[0]} is of version {release} by its name, not of {told}")
    if release is None:
        raise InputError(
            f"{names[0]} tells no version of UCDP, neither in a column ucdp_version nor in its "
            "name; name it as it was published, like GEDEvent_v25_1.csv"
        )
    return release


def version_of(name: str, told: str | None) -> str:
    """Return what the tables call the release of a file, from its name.

    Parameters
    ----------
    name : str
        Name of the file.
    told : str, optional
        The version that the caller states for files that tell none.

    Returns
    -------
    str
        As :func:`series` returns it.

    Raises
    ------
    InputError
        As of :func:`release_of`.

    Examples
    --------
    >>> version_of("ged251_country_month.csv", None)
    '25.1'
    """
    return series(release_of([name], told), name)


def order(release: str) -> tuple[int, ...]:
    """Return where a release of the candidate events stands among the others.

    Parameters
    ----------
    release : str
        As the publisher numbers it.

    Returns
    -------
    tuple of int
        Year and last month that it covers, and whether it revises earlier months as well; empty
        for a release without a number.

    Examples
    --------
    >>> sorted(["26.0.4", "26.01.26.03", "26.0.3"], key=order)
    ['26.0.3', '26.01.26.03', '26.0.4']
    """
    if release == CANDIDATE:
        return ()
    parts = [int(part) for part in release.split(".")]
    return (parts[-2], parts[-1], 1) if len(parts) == 4 else (parts[0], parts[-1], 0)


def last_year(release: str) -> int | None:
    """Return the last year of which a release can hold events.

    A release of GED ends with the year before it came out, one of the candidate events in it.

    Parameters
    ----------
    release : str
        As the publisher numbers it.

    Returns
    -------
    int or None
        The year; None for a release without a number.

    Examples
    --------
    >>> [last_year(one) for one in ("25.1", "25.0.12", "candidate")]
    [2024, 2025, None]
    """
    parts = release.lower().removeprefix("v").split(".")
    if not parts[0].isdigit():
        return None
    return 2000 + int(parts[0]) - (len(parts) == 2)


def last_day(release: str) -> pd.Timestamp | None:
    """Return the last day on which an event of a release can start.

    Parameters
    ----------
    release : str
        As the publisher numbers it.

    Returns
    -------
    pandas.Timestamp or None
        The last day of a year, or of the last month of a release of candidate events; None for a
        release without a number.

    Examples
    --------
    >>> [f"{last_day(one):%Y-%m-%d}" for one in ("25.1", "25.0.2", "26.01.26.03")]
    ['2024-12-31', '2025-02-28', '2026-03-31']
    """
    if not re.fullmatch(f"{FINAL}|{MONTHLY}", release):
        return None
    if re.fullmatch(FINAL, release):
        return pd.Timestamp(1999 + int(release.split(".")[0]), 12, 31)
    year, month, _ = order(release)
    if not 1 <= month <= 12:
        raise InputError(f"version {release} names month {month}; expected one like 25.0.11")
    return pd.Timestamp(2000 + year, month, 1) + pd.offsets.MonthEnd(0)


def came_out(release: str) -> int | None:
    """Return the year in which a release came out, after which no event of it can start.

    Parameters
    ----------
    release : str
        As the publisher numbers it.

    Returns
    -------
    int or None
        The year; None for a release without a number.

    Examples
    --------
    >>> came_out("25.1"), came_out("25.0.12"), came_out("candidate")
    (2025, 2025, None)
    """
    number = release.lower().removeprefix("v").split(".")[0]
    return 2000 + int(number) if number.isdigit() else None
