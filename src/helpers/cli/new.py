"""``make new NAME=my-question``: a notebook from the template, in the graph and in the book.

It stands before the chapters that read results, so that its own can be evidence for a claim.
"""

import json
import re
from collections.abc import Collection
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed, write_text
from helpers.base.reading import yaml_text
from helpers.claims.plan import parse
from helpers.cli.ingest import stamp_table
from helpers.run.declared import literal, names_read, read_notebook
from helpers.run.params import Params, read_params
from helpers.run.run import default_params
from helpers.run.table import RESULTS, StageEntry, read_stages

TEMPLATE = Path(__file__).resolve().parent / "templates" / "notebook.ipynb"
CLAIM = TEMPLATE.with_name("claim.yml")
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
    before, after = _parted()
    if after:  # several chapters may share a number, as those of one question do
        last = max((int(one.name[:2]) for one in before), default=0)
        number = max(min(last + 1, int(after[0].name[:2]) - 1), 0)
    else:
        number = max((int(other[:2]) for other in taken), default=0) + 1
    if number > 99:
        raise InputError("there are 99 notebooks already; numbers have two digits")
    return f"{number:02d}-{name}"


def _parted() -> tuple[list[StageEntry], list[StageEntry]]:
    """Return the chapters of a country's own before the first that reads results, and the rest."""
    own = [entry for entry in read_stages().stage if entry.kind in ("own", "any")]
    first = next((at for at, one in enumerate(own) if RESULTS in one.reads), len(own))
    return own[:first], own[first:]


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


def filled(text: str, stage: str, parameters: str) -> str:
    """Return the template with the names of a stage in their places.

    Parameters
    ----------
    text : str
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
        "KEY": claim_of(stage),
        "SLUG": slug,
        "PARAMETERS": '\\n",\n    "'.join(json.dumps(one)[1:-1] for one in parameters.split("\n")),
    }
    pattern = rf"\b({'|'.join(names)})\b"
    return re.sub(pattern, lambda found: names[found[0]], text)


def template(stage: str) -> str:
    """Return the notebook with which a new stage begins.

    Parameters
    ----------
    stage : str
        ``NN-name``.

    Returns
    -------
    str
        JSON of a notebook.
    """
    return filled(TEMPLATE.read_text(encoding="utf-8"), stage, defaults())


def with_stage(table: str, entry: str, before: str = "") -> str:
    """Return the stage table with one more stage.

    Parameters
    ----------
    table : str
        ``stages.toml``.
    entry : str
        The lines of the new stage.
    before : str, optional
        The stage before which it stands; at the end where none is named.

    Returns
    -------
    str
        The same with these lines; comments stay.

    Examples
    --------
    >>> table = '[[stage]]\\nname = "01-a"\\n\\n# Judged.\\n[[stage]]\\nname = "09-b"\\n'
    >>> print(with_stage(table, '[[stage]]\\nname = "08-c"\\n', "09-b"), end="")
    [[stage]]
    name = "01-a"
    <BLANKLINE>
    [[stage]]
    name = "08-c"
    <BLANKLINE>
    # Judged.
    [[stage]]
    name = "09-b"
    """
    lines = table.rstrip("\n").split("\n")
    named = next((at for at, line in enumerate(lines) if line == f'name = "{before}"'), None)
    if not before or named is None:
        return "\n".join([*lines, "", entry])
    at = max(place for place in range(named) if lines[place].strip() == "[[stage]]")
    while at > 0 and lines[at - 1].startswith("#"):  # what is said of the stage stays with it
        at -= 1
    return "\n".join([*lines[:at], *entry.split("\n"), *lines[at:], ""])


def with_chapter(toc: str, stage: str, before: Collection[str] = ()) -> str:
    """Return the table of contents with one more chapter.

    Parameters
    ----------
    toc : str
        YAML of Jupyter Book.
    stage : str
        The name of the new stage.
    before : collection of str, optional
        Stages before whose first chapter it stands; after the first run of notebooks where the
        contents have none of them.

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
    lines = toc.rstrip("\n").split("\n")
    places = [place for place, line in enumerate(lines) if CHAPTER.match(line)]
    if not places:
        raise InputError(
            "book/_toc.yml lists no notebook; "
            "add a line '- file: notebooks/NAME' where the new one belongs"
        )
    later = (one for one in places if lines[one].rpartition("/")[2].strip() in before)
    at = next(later, 1 + next(place for place in places if place + 1 not in places))
    near = lines[at] if at in places else lines[at - 1]
    indent = near[: near.index("file:")]
    return "\n".join([*lines[:at], f"{indent}file: notebooks/{stage}", *lines[at:], ""])


def with_claim(plan: str, stage: str, statement: str) -> str:
    """Return the plan of claims with one more, which the result of a new stage decides.

    Parameters
    ----------
    plan : str
        ``claims.yml``.
    stage : str
        The name of the new stage.
    statement : str
        What is claimed.

    Returns
    -------
    str
        The same with the claim at its end; comments stay.

    Raises
    ------
    InputError
        When there is such a claim already, or nothing is claimed.
    """
    said = json.dumps(statement.strip(), ensure_ascii=False)
    text = plan.rstrip("\n") + "\n" + _claim(claim_of(stage), said)
    parse(yaml_text(text, "claims.yml"))
    return text


def claim_of(stage: str) -> str:
    """Return the name of the claim that a new stage decides, as its results begin.

    Parameters
    ----------
    stage : str
        ``NN-name``.

    Returns
    -------
    str

    Examples
    --------
    >>> claim_of("08-border-closure")
    'border_closure'
    """
    return stage[3:].replace("-", "_")


def _claim(name: str, statement: str) -> str:
    names = {"SLUG": name, "STATEMENT": statement}
    entry = CLAIM.read_text(encoding="utf-8")
    return re.sub(r"\b(SLUG|STATEMENT)\b", lambda found: names[found[0]], entry)


def without_claim(plan: str, stage: str) -> str:
    """Return the plan of claims without the one of :func:`with_claim`, where nobody has edited it.

    Parameters
    ----------
    plan : str
        ``claims.yml``.
    stage : str
        The name of the stage.

    Returns
    -------
    str
        The same text where the claim is not there, or is not as it was made but for its statement.

    Examples
    --------
    >>> plan = "- kind: untestable\\n"
    >>> without_claim(plan, "08-border-closure") == plan
    True
    """
    before, _, after = _claim(claim_of(stage), "STATEMENT").partition("STATEMENT")
    made = re.compile(rf'{re.escape(before)}".*"{re.escape(after)}(?=\n?- |\Z)')
    return made.sub("", plan, count=1)


def new(name: str, claim: str = "") -> str:
    """Make a notebook from the template, with its stage entry and its line in the book's contents.

    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens, such as ``border-closure``.
    claim : str, optional
        What the notebook is to decide; it is put among the claims then, and stamped.

    Returns
    -------
    str
        One sentence that says what was made.

    Raises
    ------
    InputError
        For a bad or taken name, or a claim that cannot be; then nothing was written.
    """
    stage = checked(name)
    _, after = _parted()
    later = [one.name for one in after]
    toc, plan = paths.BOOK / "_toc.yml", paths.RAW / "claims.yml"
    # All that can be refused is, before anything is written.
    contents = with_chapter(toc.read_text(encoding="utf-8"), stage, later)
    if claim and not plan.exists():
        raise InputError("data/raw/claims.yml is not there, so no claim can be added to it")
    claims = with_claim(plan.read_text(encoding="utf-8"), stage, claim) if claim else ""
    reads = ", ".join(f'"{table}"' for table in READS)
    entry = f'[[stage]]\nname = "{stage}"\nreads = [{reads}]\nwrites = []\n'
    stages = paths.STAGES.read_text(encoding="utf-8")
    notebook = paths.NOTEBOOKS / f"{stage}.ipynb"
    write_text(notebook, template(stage))
    write_text(paths.STAGES, with_stage(stages, entry, next(iter(later), "")))
    write_text(toc, contents)
    if claim:
        write_text(plan, claims)
        stamp_table(plan.name)
    return (
        f"made notebooks/{stage}.ipynb, its entry in notebooks/stages.toml and its line in "
        f"book/_toc.yml{', and a claim in data/raw/claims.yml' if claim else ''}; now make report"
    )
