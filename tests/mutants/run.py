"""Do the tests notice a fault? Each mutant of ``hand.yml`` is a fault that somebody could make.

``python tests/mutants/run.py`` copies the project, plants one fault at a time in the copy, runs the
tests that should notice it, and prints which faults they found. It exits with 1 when a fault
survives. Names given as arguments choose among the mutants, by the start of their ``id``; without
names cosmic-ray then plants its own, which takes hours.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROCESSES = 2
SECONDS = 600  # a fault may turn a loop into an endless one: that is noticed too


class Mutant(NamedTuple):
    """A fault: in ``file``, ``before`` becomes ``after``; ``tests`` should fail, and ``why``."""

    id: str
    file: str
    before: str
    after: str
    tests: str
    why: str


def read_mutants(path: Path = HERE / "hand.yml") -> list[Mutant]:
    """Return the mutants; one whose text is not found exactly once, or stands twice, is refused."""
    mutants = [Mutant(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]
    names = [mutant.id for mutant in mutants]
    for mutant in mutants:
        if names.count(mutant.id) > 1:
            raise ValueError(f"the mutant '{mutant.id}' stands twice")
        mutated(mutant)
    return mutants


def mutated(mutant: Mutant) -> str:
    """Return the source with the fault in it; white space may differ, as a formatter leaves it."""
    source = (ROOT / "src" / "helpers" / mutant.file).read_text(encoding="utf-8")
    tokens = re.findall(r"\w+|[^\w\s]", mutant.before)
    places = list(re.finditer(r"\s*".join(map(re.escape, tokens)), source))
    if len(places) != 1:
        raise ValueError(
            f"mutant '{mutant.id}': its text stands {len(places)} times in {mutant.file}, "
            "expected once; rewrite 'before'"
        )
    return source[: places[0].start()] + mutant.after + source[places[0].end() :]


@contextmanager
def copies(number: int) -> Iterator[SimpleQueue]:
    """Give copies of the sources and tests; what the tests only read is linked."""
    with tempfile.TemporaryDirectory() as folder:
        free: SimpleQueue = SimpleQueue()
        for name in map(str, range(number)):
            copy = Path(folder, name)
            copy.mkdir()
            for path in ROOT.iterdir():
                if path.name in ("src", "tests"):
                    ignored = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(path, copy / path.name, ignore=ignored)
                elif not path.name.startswith("."):
                    (copy / path.name).symlink_to(path)
            free.put(copy)
        yield free


def tested(copy: Path, tests: str) -> subprocess.CompletedProcess | None:
    """Run tests on a copy; None when they found no end."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    environment = os.environ | {"PYTHONPATH": str(copy / "src")}
    with suppress(subprocess.TimeoutExpired):
        return subprocess.run(
            [*command, *tests.split()],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    return None


def survives(mutant: Mutant, free: SimpleQueue) -> bool:
    """Say whether the tests of a mutant pass although it is there."""
    copy = free.get()
    target = copy / "src" / "helpers" / mutant.file
    sound = target.read_text(encoding="utf-8")
    try:
        target.write_text(mutated(mutant), encoding="utf-8")
        run = tested(copy, mutant.tests)
    finally:
        target.write_text(sound, encoding="utf-8")
        free.put(copy)
    return run is not None and run.returncode == 0


def check_sound(mutants: list[Mutant], free: SimpleQueue) -> None:
    """Refuse tests that fail without any fault: they would seem to notice every one."""
    copy = free.get()
    run = tested(copy, " ".join(sorted({one.tests for one in mutants})))
    free.put(copy)
    if run is None or run.returncode:
        raise RuntimeError(f"the tests fail without a mutant\n{run and run.stdout + run.stderr}")


def generated(copy: Path) -> None:
    """Let cosmic-ray plant faults of every kind that it knows and print the share that lives."""
    (copy / ".venv").symlink_to(ROOT / ".venv")
    tools, config, session = (
        copy / ".venv" / "bin",
        "tests/mutants/cosmic-ray.toml",
        "mutants.sqlite",
    )
    for command in (
        ["cosmic-ray", "init", config, session],
        ["cr-filter-operators", session, config],
        ["cosmic-ray", "exec", config, session],
        ["cr-rate", session],
    ):
        environment = os.environ | {"PYTHONPATH": str(copy / "src")}
        subprocess.run([tools / command[0], *command[1:]], cwd=copy, env=environment, check=True)


def main() -> int:
    """Run the mutants, print what became of each and the score; return 1 when one survives."""
    wanted = tuple(sys.argv[1:])
    mutants = [one for one in read_mutants() if not wanted or one.id.startswith(wanted)]
    survivors = 0
    with copies(PROCESSES) as free, ThreadPoolExecutor(PROCESSES) as pool:
        check_sound(mutants, free)
        lives = pool.map(lambda one: survives(one, free), mutants)
        for mutant, alive in zip(mutants, lives):
            survivors += alive
            said = f"survived, {mutant.why}" if alive else "killed"
            print(f"{mutant.id}: {said}", flush=True)
        if not wanted:
            generated(free.get())
    print(f"{len(mutants) - survivors} of {len(mutants)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
