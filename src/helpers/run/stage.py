"""What a notebook uses to read its inputs, write its tables, and record what the book quotes.

Run by the graph, a stage reads and writes where the run says. Run by hand, in JupyterLab or with
papermill, it reads the tables of the default run (``make lab`` may say of which) and writes beside
them, to ``work/out``.
"""

import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import whole, write_json, write_text
from helpers.base.markup import csv_cell
from helpers.base.models import validated
from helpers.base.reading import read_json, read_yaml
from helpers.raw import contract
from helpers.raw.sidecar import publishable, read_sidecar
from helpers.run import frozen
from helpers.run.captions import Caption, captions_of
from helpers.run.kept import kept
from helpers.run.params import EXPECTED, Params
from helpers.run.proof import FINISHED, MARKS, NARROW, written_files
from helpers.run.results import merged, profiles
from helpers.run.run import default_params, published_country
from helpers.run.running import running_cell
from helpers.run.table import FORECASTS, PROFILES, RESULTS, read_stages
from helpers.stats.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Set by helpers.run.execute for a kernel: the folders, and the stage that runs.
IN, OUT, NAMED = "COMPENDIUM_IN", "COMPENDIUM_OUT", "COMPENDIUM_STAGE"
# And the country of the run, and where tables lie that another one made for it.
COUNTRY, SHARED = "COMPENDIUM_COUNTRY", "COMPENDIUM_SHARED"
_opened: set[str] = set()  # the folders for which this process has a stage already
WORK = paths.ROOT / "work"  # what is run by hand writes here, never among the tables of a run


class Stage:
    """One stage of the graph, seen from inside its notebook.

    Nothing is written before it is asked for, and :meth:`finish` lists what was.

    Parameters
    ----------
    name : str
        A stage of ``notebooks/stages.toml``.

    Attributes
    ----------
    entry : StageEntry
        What the stage declares to read and to write.

    Raises
    ------
    InputError
        When there is no such stage, or the run executes another one, or has opened it already, or,
        run by hand, a parameter is of a wrong kind.

    Examples
    --------
    >>> stage = Stage(read_stages().stage[0].name)
    >>> stage.record("clean.deaths", 1200, unit="deaths", n=84, source="made up")
    >>> stage.record("clean.share", float("nan"), unit="%", source="made up")
    Traceback (most recent call last):
    helpers.base.errors.InputError: result 'clean.share' is nan: a quoted number must be finite
    """

    def __init__(self, name: str) -> None:
        stages, country = read_stages(), os.environ.get(COUNTRY) or published_country()
        self._table = stages.of(country, kind=stages[name].kind)
        self.entry = self._table[name]
        self._finished = False
        self._refuse_another()
        self._in = Path(os.environ.get(IN, paths.PROCESSED))
        self._shared = Path(os.environ.get(SHARED, self._in))
        self._out = Path(os.environ.get(OUT, WORK / "out"))
        if NAMED not in os.environ:
            _check_by_hand()
        self._results: dict[str, dict[str, Any]] = {}
        self._cells: dict[str, dict[str, Any]] = {}
        self._shown: dict[str, list[str]] = {"figures": [], "tables": []}
        self._written: set[str] = set()
        self._left_out: set[str] = set()

    def read(self, name: str) -> Any:
        """Return a declared input.

        Parameters
        ----------
        name : str
            What ``reads`` lists, without the ending of a file.

        Returns
        -------
        pandas.DataFrame, dict, list
            A raw CSV, checked value by value and typed by its sidecar, or a processed table as it
            was written, comes as a DataFrame with one row a line; a GeoJSON as a dict; a YAML as
            what it holds; ``forecasts`` as of :func:`helpers.run.frozen.read_all`; ``results`` as
            the entries of all stages before by key, as of
            :func:`helpers.run.results.merged`; ``profiles`` as of
            :func:`helpers.run.results.profiles`.

        Raises
        ------
        InputError
            When the input is not declared, a raw table is not what its sidecar says, or a stage
            before has not run.
        """
        declared = {Path(item).stem: item for item in self.entry.reads}
        if name not in declared:
            raise InputError(
                f"stage '{self.entry.name}' does not declare the input '{name}' in stages.toml"
                + did_you_mean(name, declared)
            )
        item = declared[name]
        if item == RESULTS:
            before = self._table.before(self.entry)
            return merged(self._in / "stages" / f"{one.name}.json" for one in before)
        if item == FORECASTS:
            return frozen.read_all()
        if item == PROFILES:
            return profiles(self._in)
        import pandas as pd

        if item.endswith(".csv"):
            return contract.load(self.entry.path(item))
        if item.endswith((".geojson", ".yml")):
            contract.verify(self.entry.path(item))
            if item.endswith(".yml"):
                return read_yaml(self.entry.path(item))
            return read_json(self.entry.path(item))
        here = any(name in entry.writes for entry in self._table.stage)
        return pd.read_parquet((self._in if here else self._shared) / f"{name}.parquet")

    def kept(
        self, name: str, make: Callable[..., "pd.DataFrame"], *given: Any, **options: Any
    ) -> "pd.DataFrame":
        """Return a table that depends on code alone, made anew where that has changed.

        Parameters
        ----------
        name, make, *given, **options
            As of :func:`helpers.run.kept.kept`.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        InputError
            When the kept table is not what it was, or a row of its sample differs.
        """
        return kept(name, make, *given, **options)

    def meanings(self, *tables: str) -> dict[str, str]:
        """Return the meaning of every column of raw tables, from their sidecars.

        Parameters
        ----------
        *tables : str
            Names of raw tables, without their ending; a later one has the word on a shared column.

        Returns
        -------
        dict of str to str
            Column to meaning, in the order of the tables.

        Raises
        ------
        InputError
            When a sidecar is missing or cannot be read.
        """
        return {
            name: column.meaning
            for table in tables
            for name, column in read_sidecar(self.entry.path(f"{table}.csv")).columns.items()
        }

    def retrieved(self, table: str) -> str:
        """Return the day on which a raw table was retrieved from its publisher.

        Parameters
        ----------
        table : str
            The name of a raw table, without its ending.

        Returns
        -------
        str
            ``YYYY-MM-DD``, from its sidecar.

        Raises
        ------
        InputError
            When the sidecar is missing or cannot be read.
        """
        return read_sidecar(self.entry.path(f"{table}.csv")).date_accessed

    def least_of_sums(self, table: str, *by: str) -> int | None:
        """Return how many events a sum of a raw table must be of to be shown.

        Parameters
        ----------
        table : str
            The name of a raw table, without its ending.
        *by : str
            What the sum is by: columns, ``year``, ``month`` or ``day``.

        Returns
        -------
        int or None
            0 where the rows themselves may be passed on; None where such sums may not be shown.

        Raises
        ------
        InputError
            When the sidecar is missing or cannot be read.
        """
        told = read_sidecar(self.entry.path(f"{table}.csv"))
        if publishable(told):
            return 0
        allowed = told.aggregates
        return allowed.least if allowed and set(by) <= set(allowed.by) else None

    def version_of(self, table: str) -> str:
        """Return the version of a raw table, as its publisher numbers it.

        Parameters
        ----------
        table : str
            The name of a raw table, without its ending.

        Returns
        -------
        str
            From its sidecar, such as ``26.1``.

        Raises
        ------
        InputError
            When the sidecar is missing or cannot be read.
        """
        return read_sidecar(self.entry.path(f"{table}.csv")).version

    def write(self, name: str, frame: "pd.DataFrame") -> None:
        """Write a declared processed table as parquet.

        Parameters
        ----------
        name : str
            What ``writes`` lists.
        frame : pandas.DataFrame
            The table; its index is dropped.

        Raises
        ------
        InputError
            When the output is not declared.
        """
        if name not in self.entry.writes:
            raise InputError(
                f"stage '{self.entry.name}' does not declare the output '{name}' in stages.toml"
                + did_you_mean(name, self.entry.writes)
            )
        self._refuse_finished()
        with whole(self._out / f"{name}.parquet") as temporary:
            frame.to_parquet(temporary, index=False)
        self._written.add(name)

    def record(
        self,
        key: str,
        value: float | int | str | bool | Estimate,
        *,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        n: int | None = None,
        source: str,
    ) -> None:
        """Record a result that the book may quote.

        Parameters
        ----------
        key : str
            Lower-case words joined by dots, such as ``trend.ratio``; once in all stages.
        value : float, int, str, bool or Estimate
            A number must be finite; an Estimate brings its interval and, where ``n`` is not given,
            its n.
        low, high : float, optional
            The ends of the interval, in the unit of the value; an Estimate's own ends go before
            them.
        unit : str, default ""
            A word such as ``ratio``, ``%`` or ``deaths``.
        n : int, optional
            The number of observations.
        source : str
            Who published what the result was computed from.

        Raises
        ------
        InputError
            When the key is misspelt or taken, or a number is not finite.

        Examples
        --------
        >>> stage = Stage(read_stages().stage[0].name)
        >>> ratio = Estimate(1.6, 1.2, 2.1, n=24)
        >>> stage.record("trend.ratio", ratio, unit="ratio", source="made up")
        >>> stage.record("trend.ratio", 1.7, unit="ratio", source="made up")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        helpers.base.errors.InputError: result key 'trend.ratio' is recorded twice in ...
        """
        if isinstance(value, Estimate):
            low, high, n = value.low, value.high, value.n if n is None else n
            value = value.value
        self._refuse_finished()
        self._refuse_key(key)
        self._results[key] = {
            "value": _plain(key, value),
            "low": _plain(key, low),
            "high": _plain(key, high),
            "unit": unit,
            "n": _plain(key, n),
            "source": source,
            "notebook": self.entry.name,
        }
        if running := running_cell():
            self._cells[key] = running._asdict()

    def record_all(
        self, prefix: str, values: dict[str, Any], *, unit: str = "", source: str
    ) -> None:
        """Record several results of one unit and source.

        Parameters
        ----------
        prefix : str
            What the keys begin with, without the dot.
        values : dict
            The last word of each key to its value, as of :meth:`record`.
        unit : str, default ""
            A word such as ``ratio``, ``%`` or ``deaths``.
        source : str
            Who published what the results were computed from.

        Raises
        ------
        InputError
            When a key is misspelt or taken, or a number is not finite.
        """
        for name, value in values.items():
            self.record(f"{prefix}.{name}", value, unit=unit, source=source)

    def figure(
        self,
        fig: "Figure",
        name: str,
        *,
        data: "pd.DataFrame",
        caption: str | None = None,
        alt: str | None = None,
    ) -> None:
        """Show a figure and save it as SVG with its words and the table that it plots.

        It is saved a second time for narrow pages, and with what its marks say.

        Parameters
        ----------
        fig : matplotlib.figure.Figure
            The figure; it is laid out anew and closed.
        name : str
            Lower-case words joined by hyphens; one figure or table of the stage has it.
        data : pandas.DataFrame
            What is plotted, saved beside the figure as CSV without its index.
        caption, alt : str, optional
            The words; without a caption, those of the ``{caption}`` block of that name in the
            notebook.

        Raises
        ------
        InputError
            When the name is taken or misspelt, or words are missing.
        """
        from helpers.figures.drawn import drawings

        self._refuse_finished()
        words = self._words("figures", name, caption, alt)
        drawn, folder = drawings(fig), self._out / "figures"
        write_text(folder / f"{name}.svg", drawn.wide)
        write_text(folder / f"{name}.{NARROW}", drawn.narrow)
        sources = {"source": ", ".join(of)} if (of := _sources(data)) else {}
        write_json(folder / f"{name}.{MARKS}", drawn.marks | sources)
        about = {"caption": words.text, "alt": words.alt, "notebook": self.entry.name}
        self._save("figures", name, data, about)
        _display(
            {"image/png": drawn.picture},
            {"image/png": {"alt": words.alt}, "compendium": {"figure": name}},
        )

    def table(
        self,
        frame: "pd.DataFrame",
        name: str,
        *,
        caption: str | None = None,
        formats: dict[str, str] | None = None,
        links: dict[str, list[str]] | None = None,
        fold: int | None = None,
        code: tuple[str, ...] = (),
        shown: str | None = None,
    ) -> None:
        """Show a table and save it whole as CSV.

        Parameters
        ----------
        frame : pandas.DataFrame
            The table; its index is not shown.
        name : str
            Lower-case words joined by hyphens; one figure or table of the stage has it.
        caption : str, optional
            The words; where they are not given, those of the ``{caption}`` block of that name in
            the notebook.
        formats : dict of str to str, optional
            Column to format string.
        links : dict of str to list of str, optional
            Column to a label for each row (of a cell, a figure, a table), or ``""``, to which it
            leads.
        fold : int, optional
            Of a text that is longer, so many letters are shown, and the rest on demand.
        code : tuple of str
            Columns whose cells a reader looks for as they stand, such as names of columns.
        shown : str, optional
            HTML that shows the table in another form than rows, as cards do.

        Raises
        ------
        InputError
            When the name is taken or misspelt, or words are missing.
        """
        from helpers.figures.tables import html_table

        self._refuse_finished()
        words = self._words("tables", name, caption, None)
        html = shown or html_table(frame, words.text, formats or {}, links or {}, fold, code)
        write_text(self._out / "tables" / f"{name}.html", html)
        about = {"caption": words.text, "notebook": self.entry.name}
        self._save("tables", name, frame, about)
        _display({"text/html": html}, {"compendium": {"table": name}})

    def leave_out(self, *names: str) -> None:
        """Say that figures or tables that have a caption are not shown, as the data do not allow.

        The prose says why. Their captions go with them.

        Parameters
        ----------
        *names : str
            Names of ``{caption}`` blocks of the notebook.

        Raises
        ------
        InputError
            When a name has no caption, or is shown.

        Examples
        --------
        >>> stage = Stage(read_stages().stage[0].name)
        >>> stage.leave_out("no-such-figure")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        helpers.base.errors.InputError: 'no-such-figure' is left out, but has no caption in ...
        """
        self._refuse_finished()
        written = captions_of(self._notebook())
        for name in names:
            if name not in written:
                raise InputError(
                    f"'{name}' is left out, but has no caption in {self.entry.name}"
                    + did_you_mean(name, written)
                )
            if name in self._shown["figures"] + self._shown["tables"]:
                raise InputError(f"'{name}' is left out of {self.entry.name}, which shows it")
            self._left_out.add(name)

    def finish(self) -> None:
        """Write the list of what was recorded, the last thing that a notebook does.

        Raises
        ------
        InputError
            When a declared table was not written, a ``{caption}`` block belongs to nothing
            shown, or the stage was finished before.
        """
        self._refuse_finished()
        missing = [name for name in self.entry.writes if name not in self._written]
        if missing:
            raise InputError(
                f"stage '{self.entry.name}' declares but did not write: {', '.join(missing)}"
            )
        shown = [*self._shown["figures"], *self._shown["tables"], *self._left_out]
        if idle := [name for name in captions_of(self._notebook()) if name not in shown]:
            raise InputError(
                f"stage '{self.entry.name}' shows nothing for the caption '{idle[0]}'"
                + did_you_mean(idle[0], shown)
            )
        write_json(
            self._out / "stages" / f"{self.entry.name}.json",
            {**self._shown, "results": self._results, "cells": self._cells},
        )
        if OUT in os.environ:  # what the run asks for as proof that the notebook came to its end
            running = running_cell()
            proof = {"cell": running and running.number, "files": written_files(self._out)}
            write_json(self._out / FINISHED, proof)
            self._finished = True

    def _refuse_another(self) -> None:
        """Refuse a second stage in a kernel of a run; by hand a cell may run again."""
        if named := os.environ.get(NAMED):
            if named != self.entry.name:
                raise InputError(
                    f"{named} opens the stage '{self.entry.name}'; a notebook opens its own, "
                    f'Stage("{named}")'
                )
            if os.environ[OUT] in _opened:
                raise InputError(f'{named} opens its stage twice; drop one Stage("{named}")')
            _opened.add(os.environ[OUT])

    def _refuse_finished(self) -> None:
        if self._finished:
            raise InputError(
                f"{self.entry.name} goes on after stage.finish(); let that be the last line"
            )

    def _refuse_key(self, key: str) -> None:
        if not KEY.fullmatch(key):
            raise InputError(
                f"result key '{key}': expected lower-case words joined by dots, "
                "such as 'trend.ucdp.ratio'"
            )
        if key in self._results:
            raise InputError(f"result key '{key}' is recorded twice in {self.entry.name}")

    def _words(self, kind: str, name: str, caption: str | None, alt: str | None) -> Caption:
        """Return caption and text alternative of a new figure or table; refuse it without them."""
        one = kind[:-1]
        if not NAME.fullmatch(name):
            raise InputError(f"name '{name}' of {one}: expected lower-case words joined by hyphens")
        if name in self._left_out:
            raise InputError(f"{one} '{name}' is shown in {self.entry.name}, which leaves it out")
        if name in self._shown["figures"] + self._shown["tables"]:
            raise InputError(f"the name '{name}' is used twice in {self.entry.name}")
        if caption is None:
            written = captions_of(self._notebook())
            if name not in written:
                raise InputError(
                    f"{one} '{name}' needs a caption: a Markdown cell with "
                    f"':::{{caption}} {name}', the words and ':::'" + did_you_mean(name, written)
                )
            words = written[name]
        else:
            words = Caption(caption, caption if alt is None and kind == "tables" else alt or "")
        if not words.text.strip() or not words.alt.strip():
            raise InputError(f"{one} '{name}' needs a caption and a text alternative")
        self._shown[kind].append(name)
        return words

    def _notebook(self) -> Path:
        """Return the notebook as it stands where it runs: a working copy before the original."""
        copy = Path.cwd() / self.entry.notebook.name
        return copy if copy.exists() else self.entry.notebook

    def _save(self, kind: str, name: str, data: "pd.DataFrame", about: dict[str, str]) -> None:
        folder = self._out / kind
        write_text(folder / f"{name}.csv", _as_csv(data))
        write_json(folder / f"{name}.json", about)


def _as_csv(data: "pd.DataFrame") -> str:
    """Return a table as CSV in which no spreadsheet finds a formula."""
    safe = data.copy()
    for place, kind in enumerate(data.dtypes):
        if str(kind) in ("object", "str", "string", "category"):
            safe.isetitem(place, data.iloc[:, place].astype("object").map(csv_cell))
    safe.columns = [csv_cell(name) for name in data.columns]
    return safe.to_csv(index=False, lineterminator="\n")


def _sources(data: "pd.DataFrame") -> list[str]:
    """Return whom the rows of a table name as their sources."""
    named = data["source"].dropna() if "source" in data.columns else []
    return list(dict.fromkeys(map(str, named)))


def _plain(key: str, value: Any) -> Any:
    """Return a plain Python value; a number that is not finite is an error, never silent."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"result '{key}' is {value}: a quoted number must be finite")
    return value


def _check_by_hand() -> None:
    """Refuse parameters of a wrong kind, such as a word where papermill was to give a list."""
    from IPython import get_ipython

    if shell := get_ipython():
        given = {name: shell.user_ns[name] for name in Params.model_fields if name in shell.user_ns}
        published = read_yaml(default_params())
        validated(Params, published | given, "by hand", word="parameter", expected=EXPECTED)


def _display(data: dict[str, Any], metadata: dict[str, Any]) -> None:
    from IPython.display import display

    display(data | {"text/plain": ""}, raw=True, metadata=metadata)
