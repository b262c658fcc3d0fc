"""``make new-country NAME=freedonia``: the parameters of a country's run, and tables to fill.

The claims compute as they stand, and say of themselves that they are examples. All is made and
checked elsewhere first, then moved into place whole; nothing that is there is ever replaced.
"""

import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from helpers.base import names, paths
from helpers.base.errors import InputError
from helpers.base.files import everything, write_text
from helpers.base.reading import read_yaml
from helpers.claims.plan import parse
from helpers.raw.folders import called
from helpers.raw.rules import Bounds
from helpers.raw.sidecar import (
    Sidecar,
    read_cells,
    read_sidecar,
    sidecar_path,
    stamped,
    write_sidecar,
)
from helpers.run.params import countries_of
from helpers.run.published import default_params, published_country
from helpers.run.run import open_run

TEMPLATES = Path(__file__).resolve().parent / "templates"
CLAIMS = TEMPLATES / "claims.yml"
COUNTRY = re.compile(r"^country:[^#\n]*", re.MULTILINE)
FIRST_COMMENT = re.compile(r"\A#.*\n")


def named(word: str) -> str:
    """Return the country that somebody means.

    Parameters
    ----------
    word : str
        Its name as people write it.

    Returns
    -------
    str
        As the release of the default run spells it.

    Raises
    ------
    InputError
        When it is no name that the release knows, or could be two; those that are near are named.

    Examples
    --------
    >>> named("burma")
    'Myanmar (Burma)'
    >>> named("United")
    Traceback (most recent call last):
    helpers.base.errors.InputError: no country of release ... is called 'United'; did you ...
    """
    version = str(read_yaml(default_params())["version"])
    known = countries_of(version)
    also = names.also_known(paths.RAW / "country_names.csv")
    if found := names.accepted(word, known, also):
        return found
    near = names.did_you_mean(word, known, also)
    more = near or "; data/raw/country_month.csv has them all"
    raise InputError(f"no country of release {version} is called '{word}'{more}")


def parameters(country: str) -> str:
    """Return the parameter file of a country's run: that of the default run, with the country.

    Parameters
    ----------
    country : str
        As the data spell it.

    Returns
    -------
    str
        YAML with the comments of the default file, but the first.

    Examples
    --------
    >>> parameters("Ruritania (Old)").splitlines()[1].split(" #")[0].strip()
    'country: Ruritania (Old)'
    """
    text = default_params().read_text(encoding="utf-8")
    line = yaml.safe_dump({"country": country}, allow_unicode=True).strip()
    text = COUNTRY.sub(lambda _: f"{line}  ", text, count=1)
    return f"# A run of {country}; make report PARAMS=params/{names.as_slug(country)}.yml\n" + (
        FIRST_COMMENT.sub("", text)
    )


def described(said: dict[str, Any], country: str, table: Path) -> Sidecar:
    """Return the sidecar of a new table of a country.

    Parameters
    ----------
    said : dict
        An entry of ``templates/country.yml``: the published country's table that it is ``like``,
        title, description and notes.
    country : str
        As the data spell it.
    table : Path
        Where the table will stand.

    Returns
    -------
    Sidecar
        With the columns, licence and bounds of the other table, not stamped.
    """
    like = paths.RAW / said["like"]
    model, today = read_sidecar(like, sealed=False), date.today().isoformat()
    columns = {
        name: one.model_copy(
            update={"meaning": one.meaning.replace(published_country(), country), "check": ""}
        )
        for name, one in model.columns.items()
    }
    rules = [one.model_copy(update={"known": []}) for one in model.rules if isinstance(one, Bounds)]
    told = {name: said[name].replace("COUNTRY", country) for name in ("title", "description")}
    told |= {"producer": "who fills this table", "citation_full": told["title"]}
    told |= {"version": today, "date_accessed": today, "url": "see the table"}
    stamp = f"python -m helpers.cli ingest stamp data/raw/{called(table)}"
    explained = _explained(like, model, tuple(said.get("notes_of_columns", ())))
    notes = [*said["notes"], *(one.replace(published_country(), country) for one in explained)]
    return model.model_copy(
        update={
            **told,
            "built_by": f"written by hand; after an edit `{stamp}`",
            "notes": notes,
            "notes_of": {},
        }
        | {"rules": rules, "columns": columns}
    )


def _explained(like: Path, model: Sidecar, beginnings: tuple[str, ...]) -> list[str]:
    """Return the notes that explain columns, without those that speak of one publisher."""
    header, rows = read_cells(like) if beginnings else ([], [])
    at = header.index("source") if "source" in header else None
    publishers = {row[at] for row in rows} if at is not None else set()
    spoken = re.compile("|".join(rf"\b{re.escape(one)}\b" for one in publishers) or r"\Z.")
    kept = [one for one in model.notes if one.startswith(beginnings)]
    return [one for one in kept if not spoken.search(one)]


def _fill(folder: Path, country: str) -> None:
    """Write all files of a new country into a folder, laid out as the project is."""
    import pandas as pd

    from helpers.raw.put import put

    slug = names.as_slug(country)
    write_text(folder / "params" / f"{slug}.yml", parameters(country))
    for name, said in read_yaml(TEMPLATES / "country.yml").items():
        table = Path("data", "raw", name, slug + Path(said["like"]).suffix)
        sidecar = described(said, country, paths.ROOT / table)
        if row := said.get("row"):
            cells = {
                key: None if cell is None else str(cell).replace("COUNTRY", country)
                for key, cell in row.items()
            }
            put(pd.DataFrame([cells]), folder / table, sidecar)
        else:
            write_text(folder / table, CLAIMS.read_text(encoding="utf-8").replace("SLUG", slug))
            write_sidecar(folder / table, stamped(folder / table, sidecar))
            parse(read_yaml(folder / table), called(paths.ROOT / table))


def new_country(word: str) -> list[str]:
    """Make the parameters of a country's run, and skeletons of its own tables.

    Parameters
    ----------
    word : str
        The country's name as people write it.

    Returns
    -------
    list of str
        Sentences that say what was made and what to do with it.

    Raises
    ------
    InputError
        For a name that is none or two, where a file is there already, and where the parameters
        cannot be used; then nothing was written.
    """
    from helpers.cli.data import place

    country = named(word)
    with tempfile.TemporaryDirectory(prefix="country-") as name:
        _fill(Path(name), country)
        made = [path for path in everything(Path(name), deep=True) if path.is_file()]
        changed = {path: paths.ROOT / path.relative_to(name) for path in made}
        for there in changed.values():
            if there.exists():
                raise InputError(
                    f"{paths.relative(there)} is there already; edit it, or move it away first"
                )
        open_run(Path(name, "params", f"{names.as_slug(country)}.yml"))
        place(changed)
    return _told(country, list(changed.values()))


def _told(country: str, made: list[Path]) -> list[str]:
    tables = [one for one in made if sidecar_path(one) in made]
    stamp = " ".join(paths.relative(one).as_posix() for one in tables)
    params = next(one for one in made if one.parent == paths.PARAMS)
    return [
        f"made {paths.relative(params)} for {country}, and with a sidecar each {stamp}",
        "replace the examples by claims, events and figures of your own (and the lines of their "
        f"sidecars that say who made them), then python -m helpers.cli ingest stamp {stamp}",
        f"now make report PARAMS={paths.relative(params)}",
    ]
