"""``make verify``: a rebuild in other surroundings must give the same bytes.

Two copies of the project are built in fresh folders, the second with another clock, time zone,
locale, user, host, home, hash seed, order of folders, number of cores and of workers, and path
(:mod:`helpers.base.varied`). What differs is told by notebook, cell and result. The results of the
first are compared with the committed baseline as well, which was made on another machine.
"""

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.base import varied
from helpers.base.files import everything
from helpers.cli.differences import Difference, differences
from helpers.cli.fresh import copy_project, report
from helpers.run import baseline

COMPARED = ("data/processed", "book/_build/html")
# How long a stage took is the one thing that may differ.
TIMES = ("timings/", "_static/run.js")
SHOWN = 20  # differences that are printed; the others are counted


class Verified(NamedTuple):
    """What ``make verify`` found.

    Attributes
    ----------
    files : int
        How many files were built twice and compared.
    different : list of Difference
        Where the two builds differ, in the order of the stages; empty when they are the same.
    moved : list of str
        Results of the first build that differ from the committed baseline by more than one in a
        million; empty without a baseline, or for a run that is not the published one.
    """

    files: int
    different: list[Difference]
    moved: list[str]


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
        path.relative_to(project).as_posix(): path
        for folder in COMPARED
        for path in everything(project / folder, deep=True)
        if path.is_file()
    }
    return {
        name: path
        for name, path in sorted(found.items())
        if not any(part in name for part in TIMES)
    }


def compare(one: Path, two: Path) -> tuple[int, list[Difference]]:
    """Compare two builds.

    Parameters
    ----------
    one, two : Path
        Two copies of the project.

    Returns
    -------
    tuple of (int, list of Difference)
        The number of files in either build, and where they differ.
    """
    left, right = built_files(one), built_files(two)
    return len(left.keys() | right.keys()), differences(left, right)


def verify(params: str, vary: Sequence[str] = varied.VARIATIONS) -> Verified:
    """Build two fresh copies of the project and compare every processed table, notebook and page.

    Parameters
    ----------
    params : str
        A file of ``params/``, relative to the project.
    vary : sequence of str, optional
        What differs in the second build: names of :data:`helpers.base.varied.VARIATIONS`.

    Returns
    -------
    Verified
        The two builds are removed again.

    Raises
    ------
    InputError
        When one of the builds fails.
    """
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        first = copy_project(Path(folder) / "one")
        print(f"build 1 of 2: {report(first, '--params', params):.0f} s", flush=True)
        second = copy_project(Path(folder) / _name(vary))
        seconds = report(
            second, "--params", params, *_workers(vary), extra=_surroundings(Path(folder), vary)
        )
        print(f"build 2 of 2, with {', '.join(vary)} varied: {seconds:.0f} s", flush=True)
        files, different = compare(first, second)
        return Verified(files, different, _moved(first / "data" / "processed" / "results.json"))


def told(found: Verified) -> list[str]:
    """Return what was found, a line each.

    Parameters
    ----------
    found : Verified
        As of :func:`verify`.

    Returns
    -------
    list of str
        Differences first, at most :data:`SHOWN` of a kind.
    """
    lines = [f"differs: {one}" for one in found.different[:SHOWN]]
    lines += [f"not as in the baseline: {one}" for one in found.moved[:SHOWN]]
    same = found.files - len({one.file for one in found.different})
    lines.append(
        f"{same} of {found.files} files are the same to the byte, {len(found.different)} "
        f"differences in all; {len(found.moved)} results are not those of the baseline"
    )
    return lines


def _name(vary: Iterable[str]) -> str:
    """Return a folder for the second build: deeper, longer, and with letters that paths dislike."""
    return "another folder/with a longer näme" if "path" in vary else "two"


def _workers(vary: Iterable[str]) -> list[str]:
    return ["--jobs", "1"] if "workers" in vary else []


def _surroundings(folder: Path, vary: Sequence[str]) -> dict[str, str]:
    """Return the variables of the second build."""
    home = folder / "home of somebody else"
    home.mkdir()
    extra = {varied.ASKED: ",".join(vary)} if vary else {}
    for name in vary:
        extra |= varied.VARIABLES.get(name, {})
    return extra | ({"HOME": str(home)} if "home" in vary else {})


def _moved(results: Path) -> list[str]:
    """Return what is not as in the baseline; a run of another name has none."""
    if not (results.exists() and baseline.BASELINE.exists()):
        return []
    before = json.loads(baseline.BASELINE.read_text(encoding="utf-8"))
    after = baseline.snapshot(json.loads(results.read_text(encoding="utf-8")))
    return baseline.moved(before, after)
