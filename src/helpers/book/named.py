"""A run of other parameters than the published one: a notice on each page, and words that fell.

The words of the pages were written for the published run. There, words whose condition does not
hold stop the build. In a run of other parameters they may well not hold, which is a finding and no
fault of the page: they are marked, as is a number that only the published run recorded, and a
notice at the top of each page names what differs.
"""

from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.base.files import write_json
from helpers.base.markup import line
from helpers.base.reading import read_json
from helpers.run.baseline import BASELINE
from helpers.run.params import Params, read_params
from helpers.run.run import Run, default_params
from helpers.run.table import read_stages

FILE = "differs.json"  # beside the pages, as the builder reads them


def published() -> Params:
    """Return the parameters of the published run."""
    return read_params(default_params(), read_stages())


def differing(params: Params, others: Params) -> dict[str, list[str]]:
    """Return the parameters of a run that are not those of the published one.

    Parameters
    ----------
    params, others : Params
        Of the run, and of the published run.

    Returns
    -------
    dict of str to list of str
        Name to the value in this run and the value in the published one, as words.

    Examples
    --------
    >>> one = Params(country="Utopia", first_month="2018-01", last_month="2024-12", version="26.1",
    ...     sources=["A", "B"], candidate=True, seed=1)
    >>> differing(one.model_copy(update={"sources": ["A"], "candidate": False}), one)
    {'sources': ['A', 'A, B'], 'candidate': ['no', 'yes']}
    """
    here, there = params.model_dump(), others.model_dump()
    return {
        name: [_word(here[name]), _word(there[name])] for name in here if here[name] != there[name]
    }


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return line(", ".join(value) if isinstance(value, list) else value)


def told(run: Run) -> dict[str, Any]:
    """Return what the pages of a run must say of its parameters.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    dict
        ``run``, its name, ``differs``, as of :func:`differing`, and ``absent``, the results that
        the published run recorded and this one did not; empty where nothing differs from the
        published run or the chapters know no country, so that the pages must hold to the word.
    """
    differs = differing(run.params, published())
    if not differs or run.kind != "own":  # words that know no country hold in each
        return {}
    results = run.processed / "results.json"
    known = [read_json(one) if one.exists() else {} for one in (BASELINE, results)]
    absent = sorted(set(known[0]) - set(known[1]))
    return {"run": run.name, "differs": differs, "absent": absent}


def write(run: Run, folder: Path) -> None:
    """Tell the builder what differs from the published run.

    Parameters
    ----------
    run : Run
        The run whose pages are built.
    folder : Path
        What the builder reads; it gets no file where nothing differs.
    """
    if found := told(run):
        write_json(folder / FILE, found)


def read(folder: Path) -> dict[str, Any]:
    """Return what :func:`write` wrote, or nothing.

    Parameters
    ----------
    folder : Path
        What the builder reads.

    Returns
    -------
    dict
        As of :func:`told`.

    Raises
    ------
    InputError
        When the file is no JSON.

    Examples
    --------
    >>> read(Path("nowhere"))
    {}
    """
    return read_json(folder / FILE) if (folder / FILE).exists() else {}


def notice(found: dict[str, Any]) -> nodes.admonition:
    """Return the box that says what differs.

    Parameters
    ----------
    found : dict
        As of :func:`told`, not empty.

    Returns
    -------
    docutils.nodes.admonition

    Examples
    --------
    >>> box = notice({"run": "mine", "differs": {"seed": ["2", "1"]}})
    >>> [one.astext() for one in box.children][:2]
    ['Not the published run', 'Run mine has the parameters: seed is 2 (published: 1).']
    """
    differs = "; ".join(
        f"{name} is {here} (published: {there})" for name, (here, there) in found["differs"].items()
    )
    return nodes.admonition(
        "",
        nodes.title("", "Not the published run"),
        nodes.paragraph("", f"Run {found['run']} has the parameters: {differs}."),
        nodes.paragraph(
            "",
            "Every number on this page is of this run. The words were written for the published "
            "run: those that stand on a condition are marked where it does not hold; judge the "
            "others by the numbers beside them.",
        ),
        classes=["warning", "other-run"],
    )


def _add_notice(app: Any, doctree: Any) -> None:
    """Put the box below the first heading of a page, or at its top where there is none."""
    if not (found := read(Path(app.srcdir))):
        return
    title = next(iter(doctree.findall(nodes.title)), None)
    parent, place = (doctree, 0) if title is None else (title.parent, title.parent.index(title) + 1)
    parent.insert(place, notice(found))


def setup(app: Any) -> dict[str, Any]:
    """Put the notice on each page of a run of other parameters.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("doctree-read", _add_notice)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
