"""``make remove NAME=…``: take a notebook out of graph, contents, results and figures.

It is the inverse of ``make new``: the claim that this made goes too, where nobody has edited it.
Nothing is taken out that another stage, a claim or a page rests on, and no file of a person's is
lost: the notebook goes to ``work/removed``.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import everything, write_json, write_text
from helpers.base.files import remove as delete
from helpers.base.git import git
from helpers.base.reading import read_json
from helpers.book.edition import FOLDERS
from helpers.cli.ingest import stamp_table
from helpers.cli.new import claim_of, template, without_claim
from helpers.cli.quoting import Made, quotes
from helpers.run.declared import read_notebook
from helpers.run.execute import shown_files
from helpers.run.table import StageEntry, read_stages

REMOVED = paths.ROOT / "work" / "removed"
HEADER = re.compile(r"\s*\[\[?[\w. ]+\]\]?\s*(#.*)?")
OF_A_STAGE = (
    "executed/{}.ipynb",
    "executed/{}.failed.ipynb",
    "stages/{}.json",
    "inputs/{}.json",
    "timings/{}.json",
)


def remove(name: str, *, yes: bool = False) -> list[str]:
    """Take a stage out of the project.

    Parameters
    ----------
    name : str
        The stage, with its number or without.
    yes : bool, default False
        Whether to move the notebook away where git does not have it as it stands.

    Returns
    -------
    list of str
        What was done, a sentence each.

    Raises
    ------
    InputError
        When there is no such stage, or something rests on it, as of
        :func:`helpers.cli.quoting.quotes`; file and line are named. Then nothing was changed.
    """
    entry = _named(name)
    plan = paths.RAW / "claims.yml"
    claims = plan.read_text(encoding="utf-8") if plan.exists() else ""
    rest = without_claim(claims, entry.name)
    claim = claim_of(entry.name) if rest != claims else ""
    told = _of_claim(claim)
    _refuse_needed(Made(entry, _keys(entry), _shown(entry), told), claim)
    table = without_stage(paths.STAGES.read_text(encoding="utf-8"), entry.name)
    contents = {
        path: without_chapter(text, entry.name)
        for folder in (paths.BOOK, *FOLDERS.values())
        if (path := folder / "_toc.yml").exists()
        and f"notebooks/{entry.name}" in (text := path.read_text(encoding="utf-8"))
    }
    moved = _moves(entry.notebook, yes)
    if claim:
        write_text(plan, rest)
        stamp_table(plan.name)
    write_text(paths.STAGES, table)
    for path, text in contents.items():
        write_text(path, text)
    for folder in _processed():
        _take_results(folder, entry, told)
    more = f", and its claim '{claim}' out of data/raw/claims.yml" if claim else ""
    said = [f"took {entry.name} out of notebooks/stages.toml, the contents and the results{more}"]
    if moved:
        target = _free(REMOVED / entry.notebook.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(entry.notebook, target)
        said.append(f"its notebook is {paths.relative(target)} now")
    elif entry.notebook.exists():
        said.append(
            f"{paths.relative(entry.notebook)} stays, since git does not have it as it stands; "
            "the same command with YES=1, or moving it yourself, takes it away"
        )
    return [*said, "now make report"]


def _named(name: str) -> StageEntry:
    known = {entry.name: entry for entry in read_stages().stage}
    short = {one[3:]: entry for one, entry in known.items()}
    several = [one for one in known if one[3:] == name]
    if len(several) > 1:
        raise InputError(f"'{name}' could be {' or '.join(several)}; name it with its number")
    if found := known.get(name) or short.get(name):
        return found
    if re.fullmatch(r"\d\d-[a-z0-9-]+", name) and (paths.NOTEBOOKS / f"{name}.ipynb").exists():
        raise InputError(f"notebooks/{name}.ipynb is no stage any more; move or delete the file")
    near = did_you_mean(name, known) or did_you_mean(name, short)
    raise InputError(f"stages.toml has no stage '{name}'{near}")


def _processed() -> Iterator[Path]:
    """Yield each folder to which a run writes."""
    yield paths.PROCESSED
    for kind in ("runs", "sweep"):
        for one in everything(paths.PROCESSED / kind):
            if one.is_dir() and not one.is_symlink():
                yield from (one, *(two for two in everything(one) if (two / "stages").is_dir()))


def _keys(entry: StageEntry) -> set[str]:
    """Return the keys that a stage has recorded in any run, or may record by its code."""
    found: set[str] = set()
    for folder in _processed():
        manifest = folder / "stages" / f"{entry.name}.json"
        if manifest.exists():
            found |= set(read_json(manifest)["results"])
    if entry.notebook.exists():
        where = f"notebooks/{entry.notebook.name}"
        cells = read_notebook(entry.notebook, where)["cells"]
        code = "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")
        found |= set(re.findall(r"""record\(\s*["']([a-z][\w.]*)["']""", code))
    return found


def _of_claim(claim: str) -> set[str]:
    """Return the keys that speak of a claim, by whichever stage."""
    path = paths.PROCESSED / "results.json"
    held = read_json(path) if claim and path.exists() else {}
    return {key for key in held if claim in key.split(".")}


def _refuse_needed(made: Made, claim: str) -> None:
    entry = made.entry
    for other in read_stages().stage:
        if shared := sorted(set(entry.writes) & set(other.reads)):
            raise InputError(
                f"{entry.name} stays: {other.name} reads '{shared[0]}', which it writes "
                f"(notebooks/stages.toml, line {_line(other, shared[0])}); change or remove "
                f"{other.name} first"
            )
    for one in quotes(made):
        if one.claim and (one.claim, one.file) != (claim, "data/raw/claims.yml"):
            raise InputError(
                f"{entry.name} stays: the claim '{one.claim}' of "
                f"{one.file.removeprefix('data/raw/')} rests on {one.what} ({one.file}, {one.at}); "
                "take the claim out, or let it rest on another, first"
            )
        if not one.claim:
            raise InputError(f"{entry.name} stays: {one}; take the words out first")


def _line(entry: StageEntry, table: str) -> int:
    """Return the line of the stage table on which a stage says that it reads a table."""
    lines = paths.STAGES.read_text(encoding="utf-8").split("\n")
    name = re.compile(rf"\s*name\s*=\s*[\"']{re.escape(entry.name)}[\"']")
    begins = next((at for at, line in enumerate(lines) if name.match(line)), 0)
    said = re.compile(rf"[\"']{re.escape(table)}[\"']")
    return 1 + next((at for at in range(begins, len(lines)) if said.search(lines[at])), begins)


def _shown(entry: StageEntry) -> set[str]:
    """Return the names of the figures and tables that a stage has shown in any run."""
    manifests = [folder / "stages" / f"{entry.name}.json" for folder in _processed()]
    told = [read_json(path) for path in manifests if path.exists()]
    return {name for one in told for name in [*one["figures"], *one["tables"]]}


def without_stage(table: str, name: str) -> str:
    """Return the stage table without a stage.

    Parameters
    ----------
    table : str
        ``stages.toml``.
    name : str
        A stage of it.

    Returns
    -------
    str
        The same without its lines; comments outside of it stay.

    Raises
    ------
    InputError
        When its lines cannot be told from others.

    Examples
    --------
    >>> one, two = '[[stage]]\\nname = "01-a"\\n\\n', '[[stage]]\\nname = "02-b"\\n\\n'
    >>> table = f"{one}{two}# More.\\n[[stage]]\\n"
    >>> print(without_stage(table, "02-b"), end="")
    [[stage]]
    name = "01-a"
    <BLANKLINE>
    # More.
    [[stage]]
    """
    lines = table.split("\n")
    pattern = re.compile(rf"\s*name\s*=\s*[\"']{re.escape(name)}[\"']\s*(#.*)?")
    named = [at for at, line in enumerate(lines) if pattern.fullmatch(line)]
    begins = [at for at in range(named[0]) if lines[at].strip() == "[[stage]]"] if named else []
    if len(named) != 1 or not begins:
        raise InputError(
            f"stages.toml: the lines of '{name}' cannot be told; take them out by hand"
        )
    first = begins[-1]
    after = range(first + 1, len(lines))
    last = next((at for at in after if HEADER.fullmatch(lines[at])), len(lines))
    while last > first and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1  # what stands before the next header belongs to it
    rest = lines[last:]
    while rest and not rest[0].strip():
        rest.pop(0)
    return "\n".join([*lines[:first], *rest]).rstrip("\n") + "\n"


def without_chapter(toc: str, name: str) -> str:
    """Return the table of contents without a notebook.

    Parameters
    ----------
    toc : str
        YAML of Jupyter Book.
    name : str
        A stage.

    Returns
    -------
    str
        The same without its line.

    Examples
    --------
    >>> without_chapter("  - file: notebooks/01-a\\n  - file: notebooks/02-b\\n", "01-a")
    '  - file: notebooks/02-b\\n'
    """
    line = re.compile(
        rf"^ *- file: notebooks/{re.escape(name)}(\.ipynb)?[ \t]*(#.*)?(\n|\Z)", re.MULTILINE
    )
    return line.sub("", toc)


def _moves(notebook: Path, yes: bool) -> bool:
    """Say whether a notebook may be moved away: git has all work in it, or somebody said yes."""
    if not notebook.exists():
        return False
    name = paths.relative(notebook).as_posix()
    tracked = bool(git(paths.ROOT, "ls-files", "--", name))
    made = _cells(notebook.read_text(encoding="utf-8")) == _cells(template(notebook.stem))
    return yes or made or (tracked and git(paths.ROOT, "status", "--porcelain", "--", name) == "")


def _cells(text: str) -> list[str] | None:
    """Return what stands in the cells of a notebook, however a formatter breaks its lines."""
    try:
        cells = json.loads(text)["cells"]
        return [re.sub(r"[\s,]", "", "".join(one["source"])) for one in cells]
    except (ValueError, KeyError, TypeError):
        return None


def _free(path: Path) -> Path:
    """Return a path at which nothing stands yet."""
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found


def _take_results(folder: Path, entry: StageEntry, more: set[str]) -> None:
    """Remove from the folder of a run what a stage wrote there, its keys, and some more."""
    results, manifest = folder / "results.json", folder / "stages" / f"{entry.name}.json"
    shown = shown_files(manifest)
    if results.exists():
        held = read_json(results)
        gone = {key for key, one in held.items() if one.get("notebook") == entry.name} | more
        kept = {key: one for key, one in held.items() if key not in gone}
        if kept != held:
            write_json(results, kept)
    own = [folder / pattern.format(entry.name) for pattern in OF_A_STAGE]
    for path in [*shown, *own, *(folder / f"{table}.parquet" for table in entry.writes)]:
        delete(path)
