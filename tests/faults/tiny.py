"""Copies of the tiny project, broken one at a time: how they run, what they made, what is left.

A copy has a small environment of its own, which finds the packages of the present one and the
source of the copy, so that the command of the Makefile runs in it as a user runs it.
"""

import hashlib
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
sys.path[:0] = [str(path) for path in (TESTS, ROOT / "src") if str(path) not in sys.path]

from conftest import make_project  # noqa: E402 - found by the line before

INPUTS = ("notebooks", "params", "data/raw", "book", "pyproject.toml", "requirements.lock", "src")
TIMES = ("/timings/", "/_static/run.js")  # how long things took is no result
SECONDS = 150  # longer than the slowest run of the tiny project on a busy machine
MARK = "FAULTS_TRY"  # in the environment of everything that a try starts
TRACEBACK = "Traceback (most recent call last)"


@dataclass
class Ran:
    """How a command ended: its status (None where it had to be killed) and what it said."""

    code: int | None
    out: str
    err: str

    @property
    def traceback(self) -> bool:
        """Whether a person was shown a traceback."""
        return TRACEBACK in self.err or TRACEBACK in self.out

    @property
    def said(self) -> list[str]:
        """The lines of stderr that are no progress."""
        return [line for line in self.err.splitlines() if line.strip() and line[:2] != "  "]

    @property
    def sentence(self) -> bool:
        """Whether it failed with exactly one clear sentence."""
        errors = [line for line in self.said if line.startswith("error: ")]
        return (
            self.code in (1, 2)
            and len(errors) == 1
            and len(errors[0]) < 1000
            and len(self.said) <= 3
            and not self.traceback
        )

    @property
    def last(self) -> str:
        """The last line that it said, shortened."""
        lines = self.said or self.out.splitlines() or ["nothing was said"]
        return lines[-1][:200]


@dataclass
class Verdict:
    """What a try showed.

    ``lost`` and ``wrong`` are empty or say what was lost or wrong; ``recovered`` says whether a
    plain re-run gave the bytes of an undisturbed run, ``sentence`` whether the failing command said
    exactly one sentence; both are None where there was nothing to recover from or to say.
    """

    lost: str = ""
    wrong: str = ""
    recovered: bool | None = None
    sentence: bool | None = None
    traceback: bool = False
    hostile: str = ""
    skipped: str = ""
    note: str = ""

    @property
    def failed(self) -> bool:
        """Whether the try found a fault."""
        return bool(self.lost or self.wrong or self.hostile or self.traceback) or (
            self.sentence is False or self.recovered is False
        )


@dataclass
class Process:
    """A process of the machine, told apart from a later one that gets its number."""

    pid: int
    started: str

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        seen = _stat(self.pid)
        return bool(seen) and seen[19] == self.started and seen[0] not in "ZX"

    @property
    def command(self) -> str:
        """Its command line."""
        with suppress(OSError):
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        return ""

    @property
    def what(self) -> str:
        """A kernel, a mother of kernels, or a worker; a forked kernel has its mother's command."""
        if "helpers.run.inside" in self.command:
            return "kernel"
        if "run/mother.py" not in self.command:
            return "worker"
        above = _stat(self.pid)
        return (
            "kernel"
            if above and "run/mother.py" in Process(int(above[1]), "").command
            else "mother"
        )

    def send(self, number: int) -> None:
        """Send it a signal, where it is still there."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def _stat(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rsplit(")", 1)[1].split()
    return []


def _processes() -> Iterator[tuple[int, list[str]]]:
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (seen := _stat(int(entry))):
            yield int(entry), seen


def descendants(pid: int) -> list[Process]:
    """Return the processes below one, without it."""
    seen = dict(_processes())
    found, queue = [], [pid]
    while queue:
        parent = str(queue.pop())
        below = [one for one, stat in seen.items() if stat[1] == parent]
        found += [Process(one, seen[one][19]) for one in below]
        queue += below
    return found


def marked(mark: str) -> list[Process]:
    """Return the processes that have the mark of a try in their environment."""
    found = []
    for pid, stat in _processes():
        with suppress(OSError):
            if f"{MARK}={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes():
                found.append(Process(pid, stat[19]))
    return [one for one in found if one.alive]


class Running:
    """A command that runs in a group of its own."""

    def __init__(self, project: "Project", words: list[str], **options) -> None:
        self.project = project
        # Files, since a child that lives on would keep a pipe open; closed when the end is read.
        self.texts = [tempfile.TemporaryFile("w+", errors="replace") for _ in "oe"]  # noqa: SIM115
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=self.texts[0],
            stderr=self.texts[1],
            start_new_session=True,
            **options,
        )
        self.known: list[Process] = []

    def look(self) -> list[Process]:
        """Return what runs below the command now, and remember it."""
        below = descendants(self.process.pid)
        self.known += [one for one in below if one not in self.known]
        return below

    def find(self, what: str, seconds: float = 20) -> Process | None:
        """Wait for a kernel, a mother of kernels, or a worker, below; the one that came last."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            below = [one for one in self.look() if one.alive and one.command]
            if found := [one for one in below if one.what == what]:
                return max(found, key=lambda one: int(one.started))
            time.sleep(0.02)
        return None

    def sleep(self, seconds: float) -> bool:
        """Wait, at most until the command ends; say whether it still runs."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.process.poll() is None

    def signal_group(self, number: int) -> None:
        """Send a signal to the command and what runs in its group."""
        self.look()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def signal_main(self, number: int) -> None:
        """Send a signal to the command alone."""
        self.look()
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    def wait(self, seconds: float = SECONDS) -> Ran:
        """Wait for the end; a command that does not end is killed and has no status."""
        code: int | None
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.signal_group(signal.SIGKILL)
            for one in [*self.known, *marked(self.project.mark)]:
                one.send(signal.SIGKILL)
            self.process.wait()
            code = None
        texts = []
        for file in self.texts:
            file.seek(0)
            texts.append(file.read(2_000_000))
            file.close()
        return Ran(code, *texts)

    def orphans(self, seconds: float = 5) -> str:
        """Return what still runs some seconds later, and kill it."""
        until = time.monotonic() + seconds
        while True:
            left = [one for one in self.known if one.alive] or marked(self.project.mark)
            if not left or time.monotonic() > until:
                break
            time.sleep(0.05)
        said = "; ".join(one.command[-60:].strip() or str(one.pid) for one in left)
        for one in left:
            one.send(signal.SIGKILL)
        return f"{len(left)} left running: {said}" if left else ""


class Project:
    """A copy of the tiny project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mark = uuid.uuid4().hex

    @property
    def processed(self) -> Path:
        """Where its stages write."""
        return self.root / "data" / "processed"

    @property
    def html(self) -> Path:
        """The pages of its book."""
        return self.root / "book" / "_build" / "html"

    def environment(self, extra: Mapping[str, str | None] | None = None) -> dict[str, str]:
        """Return the environment of a command; a variable that is None in ``extra`` is left out."""
        inherited = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("PYTHON", "PYTEST", "COMPENDIUM", "JUPYTER", "MPL", "GIT_"))
        }
        both = inherited | {"OPENBLAS_NUM_THREADS": "1", MARK: self.mark} | dict(extra or {})
        return {name: text for name, text in both.items() if text is not None}

    def words(self, *arguments: str) -> list[str]:
        """Return the command of the Makefile for a verb."""
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        done = re.search(r"^DO := (.*)$", makefile, flags=re.MULTILINE)[1]
        python = re.search(r"^PY := (.*)$", makefile, flags=re.MULTILINE)[1]
        return [*shlex.split(done.replace("$(PY)", python)), *arguments]

    def start(
        self,
        *arguments: str,
        extra: Mapping[str, str | None] | None = None,
        before: Callable[[], None] | None = None,
        wrapper: list[str] | None = None,
    ) -> Running:
        """Start a verb of the command line, ``report`` where none is named."""
        verb = (
            arguments if arguments and not arguments[0].startswith("-") else ("report", *arguments)
        )
        return Running(
            self,
            [*(wrapper or []), *self.words(*verb)],
            cwd=self.root,
            env=self.environment(extra),
            preexec_fn=before,
        )

    def run(self, *arguments: str, seconds: float = SECONDS, **options) -> Ran:
        """Run a verb of the command line to its end, ``report`` where none is named."""
        return self.start(*arguments, **options).wait(seconds)

    def products(self) -> dict[str, str]:
        """Return the hash of every file that a run makes, without times and logs."""
        found = {}
        for top in (self.processed, self.html):
            for path in sorted(top.rglob("*")):
                name = f"/{path.relative_to(self.root).as_posix()}"
                if _is_product(name) and path.is_file():
                    found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def inputs(self) -> dict[str, str]:
        """Return the hash of every file that a person made."""
        found = {}
        for top in INPUTS:
            start = self.root / top
            for path in [start] if start.is_file() else sorted(start.rglob("*")):
                name = path.relative_to(self.root).as_posix()
                if path.is_file() and "_build" not in name and "__pycache__" not in name:
                    found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text that must stand in a file once or more; the first one."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{name} does not hold {old!r}: the try does not fit the tiny project")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _is_product(name: str) -> bool:
    if any(part in name for part in TIMES) or name.endswith((".failed.ipynb", ".log", ".lock")):
        return False
    # Working folders of a stage that runs, locks, logs; the book's own dot files are products.
    return not (name.startswith("/data/processed/") and "/." in name) and "/runs/" not in name


def differ(expected: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Say in which files two sets of products differ; nothing where they are the same."""
    missing = sorted(set(expected) - set(found))
    added = sorted(set(found) - set(expected))
    other = sorted(name for name in set(expected) & set(found) if expected[name] != found[name])
    parts = [
        f"{len(names)} {word} ({names[0]})"
        for word, names in (("missing", missing), ("added", added), ("different", other))
        if names
    ]
    return ", ".join(parts)


def give_environment(root: Path) -> None:
    """Give a project an environment: the packages of the present one, the source of the project."""
    packages = root / ".venv" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = packages / "site-packages"
    packages.mkdir(parents=True)
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    (root / ".venv" / "bin").mkdir()
    for name in ("python", "python3"):
        (root / ".venv" / "bin" / name).symlink_to(base)
    (root / ".venv" / "pyvenv.cfg").write_text(
        f"home = {base.parent}\ninclude-system-site-packages = false\n"
    )
    # The source stands first, relative, so that a copy finds its own.
    (packages / "copy.pth").write_text(f"../../../../src\n{sysconfig.get_path('purelib')}\n")


@dataclass
class Store:
    """The prepared projects of which every try gets a copy, and what clean runs of inputs made."""

    folder: Path
    cold_seconds: float = 8.0
    clean: dict[str, dict[str, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    locks: dict[str, threading.Lock] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the tiny project and build it once; refuse to go on where it cannot be built."""
        (self.folder / "new").mkdir(parents=True)
        new = make_project(self.folder / "new").root
        give_environment(new)
        shutil.copytree(new, self.folder / "built" / "project", symlinks=True)
        built = Project(self.folder / "built" / "project")
        started = time.monotonic()
        ran = built.run()
        self.cold_seconds = time.monotonic() - started
        if ran.code != 0:
            raise RuntimeError(f"the undisturbed run failed: {ran.err[-2000:]}")
        self.clean[_key(built.inputs())] = built.products()

    def copy(self, kind: str, target: Path) -> Project:
        """Copy the ``new`` or the ``built`` project to a folder that does not exist yet."""
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.folder / kind / "project", target, symlinks=True)
        return Project(target)

    def expected(self, project: Project) -> dict[str, str]:
        """Return what a clean run of the inputs of a project makes; each is run once."""
        inputs = project.inputs()
        key = _key(inputs)
        with self.lock:
            own = self.locks.setdefault(key, threading.Lock())
        with own:
            if key not in self.clean:
                with tempfile.TemporaryDirectory(dir=self.folder, prefix="clean-") as folder:
                    copy = self.copy("new", Path(folder) / "project")
                    for name in copy.inputs():
                        if name not in inputs:
                            (copy.root / name).unlink()
                    for name in inputs:
                        (copy.root / name).parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy2(project.root / name, copy.root / name)
                    ran = copy.run()
                    self.clean[key] = copy.products() if ran.code == 0 else {"failed": ran.last}
        return self.clean[key]


def _key(inputs: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(inputs.items())).encode()).hexdigest()


@contextmanager
def mounted(target: Path, *options: str, kind: str = "tmpfs") -> Iterator[Path]:
    """Mount something at a folder for a while."""
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", kind, *options, "none", str(target)], check=True)
    try:
        yield target
    finally:
        subprocess.run(["umount", "--lazy", str(target)], check=False)


def can_mount() -> bool:
    """Say whether this user may mount."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            with mounted(Path(folder), "-o", "size=64k"):
                return True
        except (subprocess.CalledProcessError, OSError):
            return False


def recover(store: Store, project: Project, verdict: Verdict, inputs: Mapping[str, str]) -> Verdict:
    """Run again, plainly, and note whether that mends everything and nothing was lost."""
    changed = differ(inputs, project.inputs())
    again = project.run()
    expected = store.expected(project)
    found = project.products()
    verdict.recovered = again.code == 0 and found == expected
    verdict.traceback = verdict.traceback or again.traceback
    if changed:
        verdict.lost = verdict.lost or f"inputs: {changed}"
    elif again.code != 0:
        verdict.lost = verdict.lost or f"a plain re-run does not mend it: {again.last}"
    elif not verdict.recovered:
        verdict.wrong = verdict.wrong or f"after the re-run: {differ(expected, found)}"
    return verdict


@dataclass
class Place:
    """What a try gets: the prepared projects, a folder of its own, a generator of its own."""

    store: Store
    folder: Path
    random: random.Random

    def new(self, name: str = "project") -> Project:
        """Return a copy in which nothing was built."""
        return self.store.copy("new", self.folder / name)

    def built(self, name: str = "project") -> Project:
        """Return a copy in which all was built."""
        return self.store.copy("built", self.folder / name)


@dataclass
class Try:
    """One fault: its family, its name, what is done, and the seed of what it draws."""

    family: str
    name: str
    act: Callable[[Place], Verdict]
    seed: str = ""
