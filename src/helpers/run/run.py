"""A named run: its parameters and its own places, so that runs never mix."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.names import as_slug
from helpers.run import declared
from helpers.run.params import Params, countries_of, read_params
from helpers.run.published import default_params as default_params
from helpers.run.published import published_country as published_country
from helpers.run.table import StageEntry, StageTable, read_stages


@dataclass(frozen=True)
class Run:
    """Parameters, stage table and folders of one run.

    Attributes
    ----------
    name : str
        The stem of its parameter file.
    params : Params
        What a reader may change.
    table : StageTable
        The stages of its country, in order.
    place : str, optional
        Where it writes below ``data/processed`` and ``book/_build``, for a run of a sweep.
    shared : Path, optional
        Where the processed tables lie that its stages read and another run wrote.
    parts : tuple of Run
        The runs of single countries, for the sweep over them.

    Examples
    --------
    >>> run = open_run(default_params())
    >>> run.processed == paths.PROCESSED
    True
    >>> import dataclasses
    >>> paths.relative(dataclasses.replace(run, name="short").processed).as_posix()
    'data/processed/runs/short'
    """

    name: str
    params: Params
    table: StageTable
    place: str | None = None
    shared: Path | None = None
    parts: tuple["Run", ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether this is the run whose results the compendium publishes."""
        return self.place is None and self.name == default_params().stem

    @property
    def kind(self) -> str:
        """Whose its chapters are: ``own`` of a country, ``general`` of any, or of a ``sweep``."""
        return next((one.kind for one in self.table.stage if one.kind != "any"), "general")

    @property
    def processed(self) -> Path:
        """Where stages write: ``data/processed``, or ``data/processed/runs/NAME``."""
        return paths.PROCESSED / self._place

    @property
    def book(self) -> Path:
        """Where the book is built: ``book/_build``, or ``book/_build/runs/NAME``."""
        return paths.BUILD / self._place

    @property
    def _place(self) -> str:
        if self.place is not None:
            return self.place
        return "" if self.is_default else f"runs/{self.name}"

    def params_of(self, entry: StageEntry) -> dict[str, Any]:
        """Return the parameters that the notebook of a stage declares.

        Parameters
        ----------
        entry : StageEntry
            The stage.

        Returns
        -------
        dict
            Name to the value in this run; all, where the notebook cannot be read, as its stage
            will say.
        """
        try:
            names = set(declared.declared(*_source(entry)))
        except InputError:
            names = set(declared.NAMES)
        return {name: one for name, one in self.params.model_dump().items() if name in names}

    def called(self, entry: StageEntry) -> str:
        """Return what a person is told a stage is called.

        Parameters
        ----------
        entry : StageEntry
            The stage.

        Returns
        -------
        str
            Its name, with the country where a sweep runs it once for each.
        """
        return f"{entry.name} ({self.params.country})" if entry.kind == "each" else entry.name

    def executed(self, entry: StageEntry) -> Path:
        """Return where the executed notebook of a stage stands.

        Parameters
        ----------
        entry : StageEntry
            The stage.

        Returns
        -------
        Path
            ``executed/NAME.ipynb`` among what is processed.
        """
        return self.processed / "executed" / f"{entry.name}.ipynb"

    def manifest(self, entry: StageEntry) -> Path:
        """Return where the list of what a stage recorded stands.

        Parameters
        ----------
        entry : StageEntry
            The stage.

        Returns
        -------
        Path
            ``stages/NAME.json``: results, their cells, names of figures and tables.
        """
        return self.processed / "stages" / f"{entry.name}.json"

    def parquet(self, name: str) -> Path:
        """Return where a processed table stands.

        Parameters
        ----------
        name : str
            A name among the ``writes`` of a stage.

        Returns
        -------
        Path
            ``NAME.parquet``, among the shared ones where no stage of the run writes it.
        """
        here = self.shared is None or any(name in entry.writes for entry in self.table.stage)
        return (self.processed if here else self.shared or self.processed) / f"{name}.parquet"


def open_run(params_file: Path) -> Run:
    """Read and check the parameters of a run.

    Parameters
    ----------
    params_file : Path
        A parameter file; the run has the name of its stem.

    Returns
    -------
    Run
        Its folders need not exist yet.

    Raises
    ------
    InputError
        When the stage table or the parameters cannot be used, or the name is no name of a folder.

    Examples
    --------
    >>> run = open_run(default_params())
    >>> run.is_default, run.name == default_params().stem
    (True, True)
    """
    name = params_file.stem
    if name.startswith((".", "-")) or not name.isprintable():
        raise InputError(
            f"{str(params_file)!r}: a run has the name of its file, which cannot begin with '.' or "
            "'-' or hold what cannot be printed; give the file another name"
        )
    table = read_stages()
    inside = paths.PARAMS / params_file.name
    if params_file.resolve() != inside.resolve() and inside.exists():
        raise InputError(
            f"{params_file}: params/{params_file.name} has the same name, and its run would be "
            "overwritten; give the file another name"
        )
    params = read_params(params_file, table)
    check_notebooks(table, read_params(default_params(), table))
    return Run(name, params, table.of(params.country))


def open_sweep(params_file: Path) -> Run:
    """Read and check the parameters of a sweep over all countries.

    Parameters
    ----------
    params_file : Path
        A parameter file, all of whose names count but ``country``.

    Returns
    -------
    Run
        Of the stages that run once, with a run for each country that has a month in the release
        among its ``parts``. It writes to ``data/processed/sweep/NAME``.

    Raises
    ------
    InputError
        As of :func:`open_run`, and when no stage belongs to a sweep.
    """
    run, table = open_run(params_file), read_stages()
    once = table.of(run.params.country, kind="sweep")
    if not once.stage:
        raise InputError(
            "stages.toml has no stage of the kind 'sweep'; a sweep needs one that runs once and "
            "one of the kind 'each' that runs for each country"
        )
    place = f"sweep/{run.name}"
    parts = []
    for country in countries_of(run.params.version):
        slug, params = as_slug(country), run.params.model_copy(update={"country": country})
        stages = table.of(country, kind="each")
        shared = paths.PROCESSED / place
        parts.append(Run(slug, params, stages, f"{place}/{slug}", shared))
    return Run(f"sweep-{run.name}", run.params, once, place, parts=tuple(parts))


def _source(entry: StageEntry) -> tuple[dict[str, Any], str]:
    where = f"notebooks/{entry.notebook.name}"
    return declared.read_notebook(entry.notebook, where), where


def check_notebooks(table: StageTable, published: Params) -> None:
    """Refuse notebooks that would not get the parameters of a run.

    Parameters
    ----------
    table : StageTable
        The stages. A notebook that cannot be read is left to its stage.
    published : Params
        Those of the default run. Where all notebooks agree on another value, the file was changed,
        not a notebook; ``make check`` says so then.

    Raises
    ------
    InputError
        As of :func:`helpers.run.declared.check_cells` and :func:`~helpers.run.declared.check_same`.
    """
    found: dict[str, dict[str, Any]] = {}
    for entry in table.stage:
        try:
            notebook, where = _source(entry)
        except InputError:
            continue
        found[where] = declared.check_cells(notebook, where)
    expected = published.model_dump()
    for name in expected:
        defaults = {where: {name: one[name]} for where, one in found.items() if name in one}
        if len({repr(one) for one in defaults.values()}) > 1:
            for where, one in defaults.items():
                declared.check_same(one, expected, where)
