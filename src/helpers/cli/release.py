"""``make release VERSION=x.y.z``: write what a release says of itself; tag and push are a person's.

All texts are made before the first is written, and what was there comes back where one cannot be.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import remove, write_text
from helpers.base.git import git
from helpers.base.reading import read_json, read_toml, read_yaml, yaml_text
from helpers.cli.diff import results_here, state, tables
from helpers.engine.looked import unchanged
from helpers.raw.folders import called, raw_files
from helpers.raw.sidecar import read_sidecar, sidecar_path
from helpers.run import baseline, ledger
from helpers.run.changes import moved
from helpers.run.published import default_params

NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
PROJECT = paths.ROOT / "pyproject.toml"
CITATION = paths.ROOT / "CITATION.cff"
CHANGES = paths.ROOT / "CHANGELOG.md"
DEPOSIT = paths.ROOT / ".zenodo.json"
OPEN = "## Unreleased\n"
# A DOI of the right form that nobody has registered, for a reader and a program to see as such.
DOI = "10.5281/zenodo.0000000"
PLACEHOLDER = (
    "A placeholder, no registered DOI: the archive gives one when the release is deposited; write "
    "it here then."
)


def release(version: str) -> list[str]:
    """Write a release into the tree.

    Parameters
    ----------
    version : str
        ``x.y.z``, greater than that of the project.

    Returns
    -------
    list of str
        What was written, and the commands that remain, in order.

    Raises
    ------
    InputError
        When the version is none or not greater, git has its tag, the tree has changes that are not
        committed, the book is not of this tree, a result differs from the baseline, or the list of
        changes has nothing new. Then nothing was written.
    """
    known = _greater(version)
    if git(paths.ROOT, "tag", "--list", f"v{version}"):
        raise InputError(
            f"git has a tag v{version} already; choose a greater version, or, where that tag was a "
            f"mistake, git tag -d v{version}"
        )
    _clean()
    if unchanged(default_params()) is None:
        raise InputError(
            "the book is not of this tree: a stage or the book would be built again; run make "
            "report, then make release again"
        )
    results = results_here()
    if differ := moved(read_json(baseline.BASELINE), results):
        raise InputError(
            f"{len(differ)} results differ from tests/baseline/results.json, the first "
            f"'{differ[0].key}'; run make baseline and commit it with the reason"
        )
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    entries = entry(ledger.Release(version, day, ""), results)
    texts = {
        PROJECT: _with(PROJECT, rf'(?m)^version = "{re.escape(known)}"$', f'version = "{version}"'),
        CITATION: cited(CITATION.read_text(encoding="utf-8"), version, day),
        CHANGES: dated(CHANGES.read_text(encoding="utf-8"), version, day),
        DEPOSIT: deposit(version, day),
        **entries,
    }
    _write(texts)
    names = " ".join(sorted(paths.relative(path).as_posix() for path in texts))
    branch = git(paths.ROOT, "branch", "--show-current") or "HEAD"
    return [
        f"wrote version {version} of {day} into {names.replace(' ', ', ')}",
        f"{CITATION.name} has a placeholder for the DOI, said to be one",
        "what remains, and was not done:",
        f"  git add {names}",
        f'  git commit -m "Release {version}"',
        "  make report",
        f'  git tag -a v{version} -m "Version {version}"',
        f"  git push origin {branch} v{version}",
    ]


def _greater(version: str) -> str:
    """Return the version of the project, which the new one is greater than."""
    if not NUMBER.fullmatch(version):
        raise InputError(
            f"'{version}' is no version: expected three numbers with points, as in 1.2.0"
        )
    here = str(read_toml(PROJECT)["project"]["version"])
    for known in (here, *(one.version for one in ledger.releases())):
        if not NUMBER.fullmatch(known):
            raise InputError(
                f"the project has the version '{known}', expected x.y.z; mend it first"
            )
        if _order(version) <= _order(known):
            raise InputError(
                f"version {version} is not greater than {known}, which there is already; "
                "choose a greater one"
            )
    return here


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _clean() -> None:
    said = git(paths.ROOT, "status", "--porcelain", "--untracked-files=all")
    if said is None:
        raise InputError("a release is made of a commit, and there is no history of git here")
    if said:
        names = [line.split(maxsplit=1)[1] for line in said.splitlines()]
        more = f" and {len(names) - 1} more" if names[1:] else ""
        raise InputError(
            f"the tree has changes that are not committed: {names[0]}{more}; commit them or put "
            "them away, run make report, then make release again"
        )


def entry(new: ledger.Release, results: Mapping[str, Mapping[str, Any]]) -> dict[Path, str]:
    """Return the ledger with a release of the working tree.

    Parameters
    ----------
    new : Release
        The release.
    results : mapping of str to mapping
        As of :func:`helpers.run.baseline.snapshot`.

    Returns
    -------
    dict of Path to str
        As of :func:`helpers.run.ledger.entered`.

    Raises
    ------
    InputError
        When the ledger has it already, or git has no commit of the release before.
    """
    kept = {}
    for path in raw_files(paths.RAW):
        if not path.name.endswith(".source.yml") and sidecar_path(path).exists():
            one = read_sidecar(path)
            kept[called(path)] = (one.rows, one.sha256)
    known = ledger.releases()
    became = tables(state(known[-1].version), state(None)) if known else ()
    return ledger.entered(new, results, kept, {one.name: one.rows for one in became})


def _with(path: Path, pattern: str, text: str) -> str:
    """Return a file with one line in the place of another, which must be there once."""
    changed, times = re.subn(pattern, text, path.read_text(encoding="utf-8"))
    if times != 1:
        raise InputError(
            f"{path.name}: expected one line like {text}, found {times}; mend it first"
        )
    return changed


def cited(text: str, version: str, day: str) -> str:
    """Return how to cite a release.

    Parameters
    ----------
    text : str
        ``CITATION.cff``.
    version, day : str
        Of the release.

    Returns
    -------
    str
        The same with version, day, and a placeholder for the DOI, since each version of a deposit
        has one of its own; comments and all other lines stay.

    Raises
    ------
    InputError
        When it is no such file.

    Examples
    --------
    >>> text = "cff-version: 1.2.0\\nversion: 0.1.0\\ndate-released: 2026-01-02\\n"
    >>> cited(text, "0.2.0", "2026-03-04").splitlines()[1:4]
    ['version: 0.2.0', 'date-released: 2026-03-04', 'identifiers:']
    """
    for name, new in (("version", version), ("date-released", day)):
        text, times = re.subn(rf"(?m)^{name}:.*$", f"{name}: {new}", text)
        if times != 1:
            raise InputError(f"CITATION.cff: expected one line '{name}: …', found {times}")
    there = yaml_text(text, CITATION.name).get("identifiers") or []
    others = [one for one in there if one.get("value") != DOI]
    text = re.sub(r"(?m)^identifiers:\n(?:[ -].*\n)*", "", text.rstrip("\n") + "\n")
    added = {"type": "doi", "value": DOI, "description": PLACEHOLDER}
    told = {"identifiers": [*others, added]}
    return text + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)


def dated(text: str, version: str, day: str) -> str:
    """Return a list of changes whose open part has become that of a release.

    Parameters
    ----------
    text : str
        ``CHANGELOG.md``.
    version, day : str
        Of the release.

    Returns
    -------
    str
        With an empty open part above it.

    Raises
    ------
    InputError
        When there is no open part, or nothing in it.

    Examples
    --------
    >>> text = "# C\\n\\n## Unreleased\\n\\n- One thing.\\n"
    >>> dated(text, "0.2.0", "2026-03-04").splitlines()[2:6]
    ['## Unreleased', '', '## 0.2.0 - 2026-03-04', '']
    """
    before, found, after = text.partition(OPEN)
    if not found:
        raise InputError(f"CHANGELOG.md has no line '{OPEN.strip()}'; add it with what changed")
    if not re.search(r"(?m)^- ", after.partition("\n## ")[0]):
        raise InputError("CHANGELOG.md says nothing under Unreleased; say there what changed")
    return f"{before}{OPEN}\n## {version} - {day}\n{after}"


def deposit(version: str, day: str) -> str:
    """Return what an archive that reads ``.zenodo.json`` is told of a release.

    Parameters
    ----------
    version, day : str
        Of the release.

    Returns
    -------
    str
        JSON by the documented fields of a deposit, from ``CITATION.cff`` and ``pyproject.toml``;
        without a DOI, which the archive gives.
    """
    told, project = read_yaml(CITATION), read_toml(PROJECT)["project"]
    address = project.get("urls", {}).get("Repository", "")
    about = {
        "title": told["title"],
        "upload_type": told.get("type", "software"),
        "description": f"<p>{project['description']}</p>",
        "creators": [_creator(one) for one in told["authors"]],
        "version": version,
        "publication_date": day,
        "access_right": "open",
        "license": told["license"],
        "keywords": told.get("keywords", []),
        "language": "eng",
        "notes": told["message"],
    }
    if address:
        link = {"identifier": address, "relation": "isSupplementTo", "resource_type": "software"}
        about["related_identifiers"] = [link]
    return json.dumps(about, indent=2, ensure_ascii=False) + "\n"


def _creator(one: Mapping[str, str]) -> dict[str, str]:
    parts = (one.get("family-names", ""), one.get("given-names", ""))
    found = {"name": one.get("name") or ", ".join(part for part in parts if part)}
    if one.get("affiliation"):
        found["affiliation"] = one["affiliation"]
    if one.get("orcid"):
        found["orcid"] = one["orcid"].rpartition("/")[2]
    return found


def _write(texts: Mapping[Path, str]) -> None:
    """Write all files, or none: what was there comes back when one cannot be written."""
    before = {path: path.read_bytes() if path.exists() else None for path in texts}
    try:
        for path, text in texts.items():
            write_text(path, text)
    except BaseException:
        for path, was in before.items():
            if was is None:
                remove(path)
            elif path.read_bytes() != was:
                write_text(path, was.decode("utf-8"))
        raise
