"""``make lock``: resolve what the project needs into its locks, and say which versions changed."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import write_text
from helpers.cli.fresh import said

FLAGS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--system-certs",
    "--quiet",
]
BEFORE = paths.ROOT / ".run" / "locks"  # what make lock UPGRADE=1 takes back when a check refuses
ARCHIVE = paths.ROOT / "requirements-archive.lock"
WANTED = {  # lock to what is resolved into it
    paths.LOCK: ["pyproject.toml", "--all-extras"],
    ARCHIVE: ["--group", "archive"],
}
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)", re.MULTILINE)


def versions(text: str) -> dict[str, str]:
    """Return the packages of a lock.

    Parameters
    ----------
    text : str
        Requirements, each pinned.

    Returns
    -------
    dict of str to str
        Name to version; several, parted by commas, where they depend on the Python or the system.

    Examples
    --------
    >>> versions("a==1.0 \\\\\\n    --hash=sha256:1f\\nb==2 ; python_version < '3.12'\\nb==3\\n")
    {'a': '1.0', 'b': '2, 3'}
    """
    found: dict[str, list[str]] = {}
    for one in PINNED.finditer(text):
        found.setdefault(one["name"].lower(), []).append(one["version"])
    return {name: ", ".join(several) for name, several in found.items()}


def lock(*, upgrade: bool = False) -> list[str]:
    """Resolve ``pyproject.toml`` anew into both locks; those before stay in ``.run/locks``.

    Parameters
    ----------
    upgrade : bool, default False
        Whether to take the newest versions that it allows; else those of the lock stay where they
        are allowed.

    Returns
    -------
    list of str
        A line for each package whose version changed, with the versions before and after, and one
        that counts them.

    Raises
    ------
    InputError
        When there is no such set of packages, or the index cannot be reached; both locks stay as
        they were.
    """
    told: list[str] = []
    texts: dict[Path, str] = {}
    with tempfile.TemporaryDirectory(prefix="lock-") as folder:
        for path, wanted in WANTED.items():
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            made = Path(folder) / path.name
            made.write_text(before, encoding="utf-8")  # from which versions are kept
            more = ["--upgrade"] if upgrade else []
            command = [sys.executable, "-m", "uv", "pip", "compile", *wanted, *FLAGS, *more]
            command += ["--output-file", str(made)]
            run = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
            if run.returncode:
                raise InputError(f"{path.name} was not changed: {said(run.stderr)}")
            texts[path] = made.read_text(encoding="utf-8")
            told += differing(path.name, versions(before), versions(texts[path]))
    for path in texts:
        if path.exists():
            write_text(BEFORE / path.name, path.read_text(encoding="utf-8"))
    for path, text in texts.items():
        write_text(path, text)
    count = len(told)
    many = "1 package" if count == 1 else f"{count} packages"
    return [*told, f"{many} changed version" if count else "no version changed"]


def differing(name: str, before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return a line for each package whose version differs.

    Parameters
    ----------
    name : str
        The lock.
    before, after : dict of str to str
        As of :func:`versions`.

    Returns
    -------
    list of str
        Sorted by package.

    Examples
    --------
    >>> differing("a.lock", {"x": "1", "y": "2"}, {"x": "1.1", "z": "3"})
    ['a.lock: x 1 → 1.1', 'a.lock: y 2 → gone', 'a.lock: z not there → 3']
    """
    return [
        f"{name}: {one} {before.get(one, 'not there')} → {after.get(one, 'gone')}"
        for one in sorted(before.keys() | after.keys())
        if before.get(one) != after.get(one)
    ]
