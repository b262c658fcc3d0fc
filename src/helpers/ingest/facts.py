"""The facts of a country that a command needs: one YAML file a command, beside the raw tables.

Code knows the format of a publisher. Which country is taken from it, how its places and trackers
are spelt, and what is said of the table stand in ``data/raw/ingest/COMMAND.yml``; another file of
the same kind serves another country.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.models import Strict, validated
from helpers.base.reading import read_yaml
from helpers.raw.rules import Rule
from helpers.raw.sidecar import Column, Licence, Redistribution, Sidecar

AnyFacts = TypeVar("AnyFacts", bound=Strict)


class About(Strict):
    """What a sidecar says of a table in words; key, columns and stamps come from the code.

    Attributes
    ----------
    producer, title, description, citation_full, version, url : str
        Who made the source, and what the table holds.
    date_accessed : str
        Day on which the publisher's file was fetched, ``YYYY-MM-DD``.
    licence : Licence
        Name and address of the licence.
    redistribution, built_by : str
        What may be passed on, and the command that builds the table.
    notes : list of str
        What a reader must know.
    notes_of : dict of str to list of str
        Country to what only its readers must know.
    rules : list of Rule
        What must hold between the cells, as of :mod:`helpers.raw.rules`.
    """

    producer: str
    title: str
    description: str
    citation_full: str
    version: str
    url: str
    date_accessed: str
    licence: Licence
    redistribution: Redistribution
    built_by: str
    notes: list[str] = Field(default_factory=list)
    notes_of: dict[str, list[str]] = Field(default_factory=dict)
    rules: list[Rule] = Field(default_factory=list)


class Facts(Strict):
    """What every file of facts holds; a command that needs more extends it.

    Attributes
    ----------
    table : str
        Name of the table that the command builds.
    about : About
        The words of its sidecar.
    country : str
        The country as the publisher spells it; empty where the table is of no single one.
    """

    table: str
    about: About
    country: str = ""

    def sidecar(
        self, key: Sequence[str], columns: Mapping[str, Column], **figures: object
    ) -> Sidecar:
        """Return the sidecar of the table, not yet stamped.

        Parameters
        ----------
        key : sequence of str
            Columns that identify a row.
        columns : mapping of str to Column
            The columns in the order of the table.
        **figures : object
            What is computed from the file: each stands for its name in braces in the words.
            Without any, braces are left as they are.

        Returns
        -------
        Sidecar
            Words of the facts, key and columns of the code.

        Raises
        ------
        InputError
            When the words name in braces what is not computed.

        Examples
        --------
        >>> about = About(
        ...     producer="A", title="T", description="D", citation_full="C", version="{version}",
        ...     url="", date_accessed="2026-01-31", licence={"name": "CC0", "url": ""},
        ...     redistribution="allowed", built_by="by hand", notes=["{n_odd} rows are odd."],
        ... )
        >>> made = Facts(table="t.csv", about=about).sidecar([], {}, version="9", n_odd=2)
        >>> made.version, made.notes
        ('9', ['2 rows are odd.'])
        """
        words = self.about.model_dump()
        if figures:
            words = {entry: self._filled(entry, said, figures) for entry, said in words.items()}
        return Sidecar(**words, key=list(key), columns=dict(columns))

    def _filled(self, entry: str, said: Any, figures: Mapping[str, object]) -> Any:
        """Return the words with the figures in place; what is no text is returned as it is."""
        if isinstance(said, dict):
            return {name: self._filled(entry, one, figures) for name, one in said.items()}
        if isinstance(said, list):
            return [self._filled(entry, one, figures) for one in said]
        if not isinstance(said, str):
            return said
        try:
            return said.format_map(figures)
        except (KeyError, ValueError, IndexError):
            raise InputError(
                f"facts of {self.table}, entry 'about.{entry}': expected in braces only "
                f"{', '.join(figures)}, found '{said}'"
            ) from None


class CountryFacts(Facts):
    """Facts of a command that takes one country out of a file.

    Attributes
    ----------
    country : str
        The country as the publisher spells it.
    """

    country: str


def facts_path(command: str) -> Path:
    """Return where the facts of a command stand unless another file is named.

    Parameters
    ----------
    command : str
        Name of the command.

    Returns
    -------
    pathlib.Path
        ``data/raw/ingest/COMMAND.yml``.

    Examples
    --------
    >>> facts_path("places").relative_to(paths.RAW).as_posix()
    'ingest/places.yml'
    """
    return paths.RAW / "ingest" / f"{command}.yml"


def read_facts(path: Path, kind: type[AnyFacts]) -> AnyFacts:
    """Return the facts of a file, checked.

    Parameters
    ----------
    path : pathlib.Path
        A YAML file.
    kind : type
        The model of the facts that the command needs.

    Returns
    -------
    Facts
        An instance of ``kind``.

    Raises
    ------
    InputError
        When the file is missing, is no YAML, or an entry is not what ``kind`` expects; the sentence
        names the file, the entry and what was expected.

    Examples
    --------
    >>> read_facts(facts_path("external-support"), Facts).table
    'external_support.csv'
    >>> read_facts(Path("nowhere.yml"), Facts)
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the file of facts nowhere.yml does not exist
    """
    return validated(kind, read_yaml(path), path.name)
