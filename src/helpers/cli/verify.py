"""``make verify``: two rebuilds in fresh folders must give the same bytes."""

import tempfile
from pathlib import Path

from helpers.base.errors import InputError
from helpers.cli.differences import first_difference
from helpers.cli.fresh import copy_project, report

COMPARED = ("data/processed/**/*", "book/_build/html/**/*")
# How long a stage took is the one thing that may differ.
TIMES = ("timings/", "_static/run.js")


def built_files(project: Path) -> dict[str, Path]:
    """Return the built files of a project, without those that only hold times.

    Parameters
    ----------
    project : Path
        A copy of the project.

    Returns
    -------
    dict of str to Path
        Name relative to the project to path, sorted.
    """
    found = {
        str(path.relative_to(project)): path
        for pattern in COMPARED
        for path in project.glob(pattern)
        if path.is_file()
    }
    return {
        name: path
        for name, path in sorted(found.items())
        if not any(part in name for part in TIMES)
    }


def compare(one: Path, two: Path) -> tuple[int, str | None]:
    """Compare two builds.

    Parameters
    ----------
    one, two : Path
        Two copies of the project.

    Returns
    -------
    tuple of (int, str or None)
        The number of files that are the same to the byte, or 0 where a difference was found; and
        the first difference in words.
    """
    left, right = built_files(one), built_files(two)
    for name in sorted(left.keys() ^ right.keys()):
        return 0, f"{name} is in only one of the two builds"
    for name, path in left.items():
        if difference := first_difference(path, right[name]):
            return 0, f"{name}, {difference}"
    return len(left), None


def verify(params: str) -> int:
    """Build two fresh copies of the project and compare every processed table, notebook and page.

    Parameters
    ----------
    params : str
        A file of ``params/``, relative to the project.

    Returns
    -------
    int
        How many files are the same to the byte.

    Raises
    ------
    InputError
        Names the first file that differs, and where in it.
    """
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        projects = [copy_project(Path(folder) / name) for name in ("one", "two")]
        for number, project in enumerate(projects, start=1):
            seconds = report(project, "--params", params)
            print(f"build {number} of 2: {seconds:.0f} s", flush=True)
        count, difference = compare(*projects)
    if difference:
        raise InputError(f"the two builds differ first in {difference}")
    return count
