"""Which release of UCDP a file is of: told by the file, by its name or by the caller."""

import re

from helpers.base.errors import InputError
from helpers.ingest.ucdp_columns import CANDIDATE

# A release of GED has two numbers (25.1); those of the candidate events name a month (25.0.11) or
# a span of months (26.01.26.03).
FINAL, MONTHLY = r"\d{1,2}\.[1-9]", r"\d{2}\.\d{1,2}\.\d{1,2}(\.\d{1,2})?"
# ged251-csv.zip, GEDEvent_v25_1.csv, GEDEvent_v26_01_26_03.csv, ged_22_1_events.csv
IN_NAME = re.compile(
    r"(?:v|ged)[ ._-]?(\d{2}(?:[._]\d{1,2}){1,3}|\d{3})(?!\d)(?![._]\d)", re.IGNORECASE
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
        return None
    parts = re.split(r"[._]", found[1])
    return ".".join(parts) if len(parts) > 1 else f"{found[1][:2]}.{found[1][2]}"


def version_of(name: str, told: str | None) -> str:
    """Return the series of a file that holds no version.

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
        When neither tells it.

    Examples
    --------
    >>> version_of("ged251-csv.zip", None), version_of("events.csv", "24.1")
    ('25.1', '24.1')
    >>> version_of("events.csv", None)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: events.csv tells no version of UCDP, ...; say it with --version
    """
    version = named(name) or told
    if version is None:
        raise InputError(
            f"{name} tells no version of UCDP, neither in a column ucdp_version nor in its name; "
            "say it with --version"
        )
    return series(version, name)
