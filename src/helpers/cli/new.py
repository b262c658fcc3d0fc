"""``make new NAME=my-question``: a notebook from the template, in the graph and in the book."""

import json
import re
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed, write_text
from helpers.run.declared import literal, names_read, read_notebook
from helpers.run.params import Params, read_params
from helpers.run.run import default_params
from helpers.run.table import read_stages

TEMPLATE = Path(__file__).resolve().parent / "templates" / "notebook.ipynb"
NAME = re.compile(r"[a-z]+[a-z0-9]*(-[a-z0-9]+)*")
CHAPTER = re.compile(r"^(?P<indent> *- )file: notebooks/\S+\n?$")
READS = ["ucdp_month"]  # what the template reads


def checked(name: str) -> str:
    """Return the name of a new stage.

    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens.

    Returns
    -------
    str
        ``NN-name`` with the next free number.

    Raises
    ------
    InputError
        When the name is misspelt or taken, or no number of two digits is left.

    Examples
    --------
    >>> checked("border-closure").endswith("-border-closure")
    True
    >>> checked("Border closure")
    Traceback (most recent call last):
    helpers.base.errors.InputError: 'Border closure' cannot be a name: expected lower-case words ...
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"'{name}' cannot be a name: expected lower-case words joined by hyphens, "
            "such as border-closure"
        )
    written = [path.stem for path in listed(paths.NOTEBOOKS, "[0-9][0-9]-*.ipynb")]
    taken = [entry.name for entry in read_stages().stage] + written
    for other in taken:
        if other[3:] == name:
            raise InputError(
                f"the name '{name}' is taken by notebooks/{other}.ipynb; choose another"
            )
    number = max((int(other[:2]) for other in taken), default=0) + 1
    if number > 99:
        raise InputError("there are 99 notebooks already; numbers have two digits")
    return f"{number:02d}-{name}"


def defaults() -> str:
    """Return what the template reads of the default run as the lines of a ``parameters`` cell.

    Returns
    -------
    str
        Python, one ``name = value  # meaning`` a line.

    Raises
    ------
    InputError
        When the parameters cannot be used.

    Examples
    --------
    >>> {line.split(" = ")[0] for line in defaults().splitlines()} < set(Params.model_fields)
    True
    """
    params = read_params(default_params(), read_stages())
    code = [cell["source"] for cell in read_notebook(TEMPLATE, TEMPLATE.name)["cells"][2:]]
    read = names_read(code)
    return "\n".join(
        f"{name} = {literal(value)}  # {Params.meaning(name)}"
        for name, value in params.model_dump().items()
        if name in read
    )


def filled(template: str, stage: str, parameters: str) -> str:
    """Return the template with the names of a stage in their places.

    Parameters
    ----------
    template : str
        JSON of a notebook with the words STAGE, TITLE, KEY, SLUG and PARAMETERS.
    stage : str
        ``NN-name``.
    parameters : str
        The lines of the ``parameters`` cell.

    Returns
    -------
    str
        JSON of a notebook.

    Examples
    --------
    >>> filled('["# TITLE", "KEY.ratio", "PARAMETERS"]', "04-border-closure", "seed = 1")
    '["# Border closure", "border_closure.ratio", "seed = 1"]'
    """
    slug = stage[3:]
    names = {
        "STAGE": stage,
        "TITLE": slug.replace("-", " ").capitalize(),
        "KEY": slug.replace("-", "_"),
        "SLUG": slug,
        "PARAMETERS": json.dumps(parameters)[1:-1],
    }
    pattern = rf"\b({'|'.join(names)})\b"
    return re.sub(pattern, lambda found: names[found[0]], template)


def with_chapter(toc: str, stage: str) -> str:
    """Return the table of contents with one more chapter, after the first run of notebooks.

    Parameters
    ----------
    toc : str
        YAML of Jupyter Book.
    stage : str
        The name of the new stage.

    Returns
    -------
    str
        The same with one line more, as far in as its neighbours; comments stay.

    Raises
    ------
    InputError
        When no chapter is a notebook.

    Examples
    --------
    >>> with_chapter("- file: notebooks/01-clean\\n- file: data\\n", "02-mine").splitlines()
    ['- file: notebooks/01-clean', '- file: notebooks/02-mine', '- file: data']
    """
    lines = toc.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if CHAPTER.match(line)]
    if not places:
        raise InputError(
            "book/_toc.yml lists no notebook; "
            "add a line '- file: notebooks/NAME' where the new one belongs"
        )
    last = next(place for place in places if place + 1 not in places)
    indent = lines[last][: lines[last].index("file:")]
    return "".join(
        [
            *lines[:last],
            lines[last].rstrip("\n") + "\n",
            f"{indent}file: notebooks/{stage}\n",
            *lines[last + 1 :],
        ]
    )


def new(name: str) -> str:
    """Make a notebook from the template, with its stage entry and its line in the book's contents.

    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens, such as ``border-closure``.

    Returns
    -------
    str
        One sentence that says what was made.

    Raises
    ------
    InputError
        For a bad or taken name; then nothing was written.
    """
    stage = checked(name)
    toc = paths.BOOK / "_toc.yml"
    contents = with_chapter(toc.read_text(encoding="utf-8"), stage)  # refused before any writing
    reads = ", ".join(f'"{table}"' for table in READS)
    entry = f'\n[[stage]]\nname = "{stage}"\nreads = [{reads}]\nwrites = []\n'
    notebook = paths.NOTEBOOKS / f"{stage}.ipynb"
    write_text(notebook, filled(TEMPLATE.read_text(encoding="utf-8"), stage, defaults()))
    write_text(paths.STAGES, paths.STAGES.read_text(encoding="utf-8").rstrip("\n") + "\n" + entry)
    write_text(toc, contents)
    return (
        f"made notebooks/{stage}.ipynb, its entry in notebooks/stages.toml and its line in "
        "book/_toc.yml; now make report"
    )
