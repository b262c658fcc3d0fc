"""``make bundle``: one file with all that is needed to check and to repeat the published run.

What is in it is listed, not what is out: files that git tracks, and what stages and book made from
tables that may be passed on. The same commit and products give the same bytes.
"""

import hashlib
import json
import re
import stat
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import everything, listed, whole
from helpers.base.source import CHANGED, COMMIT, MANIFEST, read_manifest
from helpers.book.build import PDF, TIMES
from helpers.raw.datapackage import datapackage
from helpers.raw.sidecar import read_sidecar, sidecar_path
from helpers.run import since
from helpers.run.restricted import reached, restricted_tables
from helpers.run.run import Run, default_params, open_run
from helpers.run.table import StageEntry

DATA = "data/raw"
BOOK = "book/_build/html"
CRATE = "ro-crate-metadata.json"
PACKAGE = "datapackage.json"
TOLD = "BUNDLE.md"
README = """# What this bundle is

{title}

It was made of commit {commit} and holds sources, raw tables with their sidecars, executed
notebooks, results and book of the published run.

- Read: `{book}/index.html` in a browser. It needs no server and no network.
- Check that no byte has changed: `sha256sum --quiet -c {manifest}` in this folder.
- Repeat: `make report` (Python 3.11, 3.12 or 3.13, make, and a package index, but no git); `make
  verify` does it twice and compares with the results kept in `tests/baseline/results.json`.
- For tools: `{crate}` (RO-Crate) describes the bundle, `{package}` (Frictionless) the raw tables,
  `CITATION.cff` how to cite it.

## What was left out

{left_out}
"""


@dataclass(frozen=True)
class Bundled:
    """A bundle that was written.

    Attributes
    ----------
    path : Path
        The archive.
    files : int
        How many files it holds.
    size : int
        Its bytes.
    left_out : dict of str to str
        Files that may not be passed on, or are made of such, to the reason.
    """

    path: Path
    files: int
    size: int
    left_out: dict[str, str]


def bundle(jobs: int, *, dirty: bool = False) -> Bundled:
    """Bring the published run up to date and write it as one archive in ``dist``.

    Parameters
    ----------
    jobs : int
        Stages at once, where something has changed.
    dirty : bool, optional
        Whether to pack tracked files as they stand when they differ from the commit, and to say so
        in the names of the archive and of the commit.

    Returns
    -------
    Bundled
        The archive and what is not in it.

    Raises
    ------
    InputError
        When there is no repository of its own, a file differs from the commit, a tracked file is
        no plain file, the report fails, or a product names a folder of this machine.
    """
    from helpers.cli.crate import crate
    from helpers.cli.report import report

    head, when, changed = _head(dirty)
    report(default_params(), jobs)
    run = open_run(default_params())
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files, left_out = _chosen(run)
    named = head + (CHANGED if changed else "")
    files[COMMIT] = f"{named}\n".encode()
    files[TOLD] = _readme(project["description"], named, left_out)
    tables = [paths.RAW / name for name in _tables() if f"{DATA}/{name}" in files]
    about = {"title": project["description"], "version": project["version"]}
    files[PACKAGE] = _json(datapackage(tables, DATA) | about)
    files[CRATE] = _json(crate({name: _read(one) for name, one in files.items()}, named, when))
    files[MANIFEST] = "".join(
        f"{hashlib.sha256(_read(one)).hexdigest()}  {name}\n" for name, one in sorted(files.items())
    ).encode()
    stem = f"{project['name']}-{head[:12]}{'-changed' if changed else ''}"
    target = paths.ROOT / "dist" / f"{stem}.zip"
    with whole(target) as temporary:
        _pack(temporary, stem, files, when)
    return Bundled(target, len(files), target.stat().st_size, left_out)


def faults(folder: Path) -> list[str]:
    """Compare an unpacked bundle with its own manifest.

    Parameters
    ----------
    folder : Path
        The folder that holds ``manifest-sha256.txt``.

    Returns
    -------
    list of str
        A line for each file that is changed, missing or not listed; empty where there is none.

    Raises
    ------
    InputError
        When there is no manifest.
    """
    if not (folder / MANIFEST).is_file():
        raise InputError(f"there is no {MANIFEST}; this is no bundle of make bundle")
    told = read_manifest(folder / MANIFEST)
    here = {
        path.relative_to(folder).as_posix(): path
        for path in everything(folder, deep=True)
        if path.is_file()
    }
    here.pop(MANIFEST)
    lines = [f"{name}: missing" for name in told.keys() - here.keys()]
    lines += [f"{name}: not in the manifest" for name in here.keys() - told.keys()]
    for name in told.keys() & here.keys():
        if hashlib.sha256(here[name].read_bytes()).hexdigest() != told[name]:
            lines.append(f"{name}: changed")
    return sorted(lines)


def _chosen(run: Run) -> tuple[dict[str, Path | bytes], dict[str, str]]:
    """Return what goes in by name, and what does not by reason."""
    restricted = restricted_tables()
    made_of = {
        name: " and ".join(one.name for one in tables)
        for name, tables in reached(run.table).items()
    }
    left_out = {
        paths.relative(one).as_posix(): "its sidecar says of redistribution: "
        + read_sidecar(one).redistribution
        for one in restricted
    }
    files: dict[str, Path | bytes] = {name: paths.ROOT / name for name in _tracked()}
    for entry in run.table.stage:
        if entry.name in made_of:
            named = paths.relative(run.executed(entry)).as_posix()
            left_out[named] = f"what it shows and writes is made of {made_of[entry.name]}"
        else:
            files |= {paths.relative(path).as_posix(): path for path in _products(run, entry)}
    if made_of:
        reason = "made of " + ", ".join(sorted(set(made_of.values())))
        left_out |= {
            BOOK: reason,
            paths.relative(run.processed / "results.json").as_posix(): reason,
        }
    else:
        html = run.book / "html"
        made = [
            run.processed / "results.json",
            *(one for one in [since.FILE] if one.exists()),
            *(
                one
                for one in everything(html, deep=True)
                if one.is_file() and one != html / PDF  # it is made from what the bundle holds
            ),
        ]
        files |= {paths.relative(path).as_posix(): path for path in made}
        files[f"{BOOK}/{TIMES}"] = b"window.RUN = {};\n"
    # A copy of a restricted table is one wherever it lies.
    copies = {hashlib.sha256(one.read_bytes()).digest() for one in restricted}
    for name, one in list(files.items()):
        if copies and hashlib.sha256(_read(one)).digest() in copies:
            left_out.setdefault(name, "the same bytes as a table that may not be passed on")
            del files[name]
    _refuse_this_machine(files, set(_tracked()))
    return files, left_out


def _products(run: Run, entry: StageEntry) -> Iterator[Path]:
    """Yield what a stage made: notebook, list of results, tables, figures."""
    shown = json.loads(run.manifest(entry).read_text(encoding="utf-8"))
    yield from (run.executed(entry), run.manifest(entry))
    yield from (run.parquet(name) for name in entry.writes)
    for kind in ("figures", "tables"):
        for name in shown[kind]:
            yield from listed(run.processed / kind, f"{name}.*")


def _tables() -> list[str]:
    """Return the names of the raw tables that have a sidecar, sorted."""
    return sorted(
        path.name
        for path in listed(paths.RAW)
        if not path.name.endswith(".source.yml") and sidecar_path(path).exists()
    )


def _refuse_this_machine(files: Mapping[str, Path | bytes], tracked: set[str]) -> None:
    """Stop where something generated names a folder of this machine."""
    folders = {str(paths.ROOT), str(Path.home()), sys.prefix} - {"/"}
    names = "|".join(re.escape(one) for one in sorted(folders, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.~-])(?:{names})(?=/[\w.])".encode())
    for name, one in files.items():
        if name not in tracked and (found := pattern.search(_read(one))):
            raise InputError(
                f"{name} names {found[0].decode()}, a folder of this machine; no bundle was written"
            )


def _readme(title: str, named: str, left_out: Mapping[str, str]) -> bytes:
    lines = [f"- `{name}`: {' '.join(reason.split())}" for name, reason in sorted(left_out.items())]
    places = {"book": BOOK, "manifest": MANIFEST, "crate": CRATE, "package": PACKAGE}
    told = "\n".join(lines) or "Nothing but what git ignores and how long each stage took."
    return README.format(title=title, commit=named, left_out=told, **places).encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _read(one: Path | bytes) -> bytes:
    return one if isinstance(one, bytes) else one.read_bytes()


def _pack(target: Path, stem: str, files: Mapping[str, Path | bytes], when: datetime) -> None:
    """Write the archive: sorted, one time, two kinds of mode, one folder at the top."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, one in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{stem}/{name}", when.timetuple()[:6])
            runs = isinstance(one, Path) and one.stat().st_mode & stat.S_IXUSR
            entry.create_system = 3  # the modes below are those of Unix
            entry.external_attr = (stat.S_IFREG | (0o755 if runs else 0o644)) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, _read(one))


def _head(dirty: bool) -> tuple[str, datetime, bool]:
    """Return the commit, its time, and whether a file differs from it, which must be meant."""
    if not (paths.ROOT / ".git").exists():
        raise InputError("a bundle is made of a commit, and there is no history of git here")
    head = _git("rev-parse", "HEAD").strip()
    when = datetime.fromtimestamp(int(_git("show", "-s", "--format=%ct", "HEAD")), UTC)
    changed = [line[3:] for line in _git("status", "--porcelain", "-z").split("\0") if line]
    if changed and not dirty:
        raise InputError(
            f"{changed[0]} differs from the commit ({len(changed)} files in all); commit them, or "
            "say --dirty to pack tracked files as they stand"
        )
    return head, when, bool(changed)


def _tracked() -> list[str]:
    """Return what git tracks and is there; anything but a plain file is refused."""
    names = [name for name in _git("ls-files", "-z").split("\0") if name]
    for name in names:
        path = paths.ROOT / name
        if path.is_symlink() or path.is_dir():
            raise InputError(
                f"{name} is tracked but is no plain file; a bundle holds none of those"
            )
    return [name for name in names if (paths.ROOT / name).exists()]


def _git(*words: str) -> str:
    try:
        run = subprocess.run(["git", "-C", str(paths.ROOT), *words], capture_output=True, text=True)
    except FileNotFoundError:
        raise InputError("git was not found; a bundle is made of a commit") from None
    if run.returncode:
        said = " ".join(run.stderr.split()) or "it gave no reason"
        raise InputError(f"git cannot say which commit this is: {said}")
    return run.stdout
