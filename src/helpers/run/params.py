"""The parameters of a run: typed, strict, and refused in one sentence before anything starts."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from helpers.base import names, paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import listed
from helpers.base.models import validated
from helpers.base.reading import read_yaml
from helpers.run.table import StageTable

MONTH = "a month written YYYY-MM, such as 2024-12"
EXPECTED = {
    "first_month": MONTH,
    "last_month": MONTH,
    "sources": "a valid list of at least 1 name, such as [ONE, OTHER]",
}
PROVISIONAL = "candidate"
STATED = ("events", "deaths_state_based", "deaths_non_state", "deaths_one_sided")
# YAML reads 26.1 as a number; a release is a name.
Release = Annotated[str, BeforeValidator(lambda one: str(one) if type(one) is float else one)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Params(BaseModel):
    """What a reader may change; the same names stand in ``params/*.yml`` and in each notebook.

    Attributes
    ----------
    country : str
        A country as ``data/raw/country_month.csv`` spells it.
    first_month, last_month : str
        First and last month of the series, ``YYYY-MM``; both are part of it.
    sources : list of str
        Publishers of counts that are compared side by side, at least one.
    version : str
        The release of UCDP whose months make the series, as ``data/raw/country_month.csv`` spells
        it; two releases never meet in one series.
    candidate : bool
        Whether the months after the end of that release, which are still provisional, are in.
    seed : int
        One seed for every simulation, from 0 to 2**32 - 1.

    Examples
    --------
    >>> Params(country="Utopia", first_month="2018-01", last_month="2024-12", sources=["A"],
    ...        version="26.1", candidate=False, seed=1).last_month
    '2024-12'
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str = Field(description="as UCDP spells it (data/raw/country_month.csv)")
    first_month: Month = Field(description="first month of the series, YYYY-MM")
    last_month: Month = Field(description="last month of the series, YYYY-MM")
    sources: list[str] = Field(min_length=1, description="compared side by side")
    version: Release = Field(description="UCDP release of the series; two never meet in one")
    candidate: StrictBool = Field(description="provisional UCDP months after it in or out")
    seed: StrictInt = Field(ge=0, lt=2**32, description="one seed for every simulation")

    @classmethod
    def meaning(cls, name: str) -> str:
        """Return what a parameter means, as the ``parameters`` cells say it.

        Parameters
        ----------
        name : str
            One of the attributes.

        Returns
        -------
        str
            A few words without a full stop.

        Examples
        --------
        >>> Params.meaning("seed")
        'one seed for every simulation'
        """
        return cls.model_fields[name].description or ""


def read_params(path: Path, table: StageTable) -> Params:
    """Read a parameter file and check it against the raw data.

    Parameters
    ----------
    path : Path
        A YAML file with one ``name: value`` a line, all names of :class:`Params`.
    table : StageTable
        The stages, which say what the notebooks read and which months all of them need.

    Returns
    -------
    Params
        Frozen, so that what was checked is what runs.

    Raises
    ------
    InputError
        When the file is missing or no YAML mapping, when a name is unknown or missing, when a value
        is of a wrong kind, or when the data do not hold the country, a source or the months.
    """
    if path.suffix != ".yml":
        raise InputError(f"{path}: expected a file of parameters, NAME.yml")
    if not path.exists():
        known = [f"params/{other.name}" for other in listed(paths.PARAMS, "*.yml")]
        raise InputError(
            f"{path} does not exist"
            + (did_you_mean(str(path), known) or f"; there are {', '.join(known)}")
        )
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise InputError(f"{path.name}: expected one 'name: value' a line, such as 'seed: 1'")
    params = validated(Params, content, path.name, word="parameter", expected=EXPECTED)
    params = params.model_copy(update={"country": _country(path.name, params.country)})
    chapters = table.of(params.country)
    if not chapters.stage:
        name, what = next(iter(chapters.left_out.items()))
        raise InputError(
            f"{path.name}: no chapter can run for country '{params.country}': {name} reads "
            f"'{what}', which is not there for it; choose another country"
        )
    _check_against_data(path.name, params, chapters)
    return params


def _country(file: str, written: str) -> str:
    """Return the country as the data spell it."""
    countries = _coverage(paths.RAW)[0]
    also = names.also_known(paths.RAW / "country_names.csv")
    if found := names.accepted(written, countries, also):
        return found
    raise InputError(
        f"{file}: country '{written}' is not in data/raw/country_month.csv"
        + names.did_you_mean(written, countries, also)
    )


@lru_cache
def countries_of(version: str) -> tuple[str, ...]:
    """Return the countries that have a month in a release.

    Parameters
    ----------
    version : str
        As ``data/raw/country_month.csv`` spells it.

    Returns
    -------
    tuple of str
        Sorted.

    Examples
    --------
    >>> countries_of("no such release")
    ()
    """
    with (paths.RAW / "country_month.csv").open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        return tuple(sorted({row["country"] for row in rows if row["version"] == version}))


@lru_cache
def _coverage(raw: Path) -> tuple[set[str], dict[str, tuple[str, str]], dict[str, str], set[str]]:
    """Return countries, the months of each release, what it leaves out, and who prints figures."""
    countries: set[str] = set()
    months: dict[str, tuple[str, str]] = {}
    lacks: dict[str, str] = {}
    with (raw / "country_month.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            countries.add(row["country"])
            stamp = f"{row['year']}-{int(row['month']):02d}"
            low, high = months.get(row["version"], (stamp, stamp))
            months[row["version"]] = min(low, stamp), max(high, stamp)
            for name in STATED:
                if row.get(name) == "":
                    lacks.setdefault(row["version"], name)
    with (raw / "published_figures.csv").open(encoding="utf-8", newline="") as handle:
        sources = {row["source"] for row in csv.DictReader(handle)}
    return countries, months, lacks, sources | {"UCDP"}


def _check_against_data(file: str, params: Params, table: StageTable) -> None:
    _, releases, lacks, sources = _coverage(paths.RAW)
    for name in params.sources:
        if params.sources.count(name) > 1:
            raise InputError(f"{file}: source '{name}' stands there twice; name each once")
        if name not in sources:
            raise InputError(
                f"{file}: source '{name}' has no figures in data/raw" + did_you_mean(name, sources)
            )
    if params.first_month > params.last_month:
        raise InputError(
            f"{file}: 'first_month' {params.first_month} comes after 'last_month' "
            f"{params.last_month}; change one of them"
        )
    _check_needs(file, params, table)
    low, high = _reach(file, params, releases)
    for name, month in (("first_month", params.first_month), ("last_month", params.last_month)):
        if not low <= month <= high:
            raise InputError(
                f"{file}: parameter '{name}' is {month}, but the months of version "
                f"{params.version} reach from {low} to {high}"
            )
    if column := lacks.get(params.version):
        raise InputError(
            f"{file}: version '{params.version}' in data/raw/country_month.csv leaves '{column}' "
            "empty, which the notebooks need; choose another, or build the table from that "
            "release's own events (python -m helpers.cli ingest ucdp-country-month)"
        )
    if any(entry.kind == "own" for entry in table.stage) and (
        params.first_month > table.window.first or params.last_month < table.window.last
    ):
        raise InputError(
            f"{file}: the months {params.first_month} to {params.last_month} do not hold "
            f"{table.window.first} to {table.window.last}, which every notebook needs"
        )
    _check_years(file, params, table, releases[params.version][1])


def _check_years(file: str, params: Params, table: StageTable, final: str) -> None:
    """Refuse months that hold fewer whole years of the final release than a stage needs."""
    needed = max(entry.needs.years for entry in table.stage)
    last = min(params.last_month, final)
    whole = int(last[:4]) - (last[5:] != "12") - int(params.first_month[:4])
    whole += params.first_month[5:] == "01"
    if whole < needed:
        raise InputError(
            f"{file}: the months {params.first_month} to {params.last_month} hold "
            f"{max(whole, 0)} whole years of version {params.version}, expected {needed} or more"
        )


def _check_needs(file: str, params: Params, table: StageTable) -> None:
    """Refuse what some stage cannot use, and name what all of them can."""
    needs = {entry.name: entry.needs for entry in table.stage}
    first = min(filter(None, (one.first for one in needs.values())), default=None)
    last = max(filter(None, (one.last for one in needs.values())), default=None)
    sources = list(dict.fromkeys(name for one in needs.values() for name in one.sources))
    for stage, one in needs.items():
        said: tuple[str, str] | None = None
        if one.candidate and not params.candidate:
            said = "'candidate' is false", "expected true"
        elif one.first and params.first_month > one.first:
            said = f"'first_month' is {params.first_month}", f"expected {first} or earlier"
        elif one.last and params.last_month < one.last:
            said = f"'last_month' is {params.last_month}", f"expected {last} or later"
        elif missing := [name for name in one.sources if name not in params.sources]:
            expected = f"expected {', '.join(sources)} among them"
            said = f"'{missing[0]}' is not among the sources", expected
        if said:
            raise InputError(
                f"{file}: {said[0]}, with which {stage} cannot run; {said[1]} "
                "(notebooks/stages.toml says what each stage needs)"
            )


def _reach(file: str, params: Params, releases: dict[str, tuple[str, str]]) -> tuple[str, str]:
    final = set(releases) - {PROVISIONAL}
    if params.version not in final:
        raise InputError(
            f"{file}: version '{params.version}' is not in data/raw/country_month.csv"
            + (did_you_mean(params.version, final) or f"; there are {', '.join(sorted(final))}")
        )
    low, high = releases[params.version]
    if params.candidate and PROVISIONAL in releases:
        high = max(high, releases[PROVISIONAL][1])
    return low, high
