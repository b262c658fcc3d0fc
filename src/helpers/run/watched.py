"""What a notebook may touch inside the project: what its stage declares, and nothing beside.

Python tells every file that is opened, moved or removed, every process and every connection to a
hook (PEP 578). What is refused raises an error where it stands and is noted too, so that a notebook
that swallows the error fails all the same. Files outside the project, and what compiled code opens
by itself, are not seen; of the latter pyarrow's readers are told to the hook here.
"""

import functools
import importlib
import json
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from helpers.base.errors import InputError

WATCH = "COMPENDIUM_WATCH"  # names the file with the rules to the processes of a kernel
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {  # events that change files, and which of their arguments are paths
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.mkdir": (0,),
    "os.rmdir": (0,),
    "os.link": (0, 1),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.utime": (0,),
    "os.setxattr": (0,),
    "sqlite3.connect": (0,),
}
PROCESSES = {
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "pty.spawn",
    "ctypes.dlopen",
}
NETWORK = {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"}
STANDARD = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), "<frozen")
# An environment may take the packages of another one in, by a path file.
PACKAGES = (
    sysconfig.get_path("purelib"),
    sysconfig.get_path("platlib"),
    *(one for one in sys.path if os.path.basename(one) in ("site-packages", "dist-packages")),
)
SHELLS = ("IPython", "ipykernel", "pexpect", "ptyprocess")  # what they start, a cell starts
# Compiled readers and writers that open what an argument names: its position, and how they open it
# or the position of the argument that says how.
COMPILED: tuple[tuple[str, str, int, str | int], ...] = (
    ("pyarrow.parquet.core", "ParquetFile.__init__", 1, "r"),
    ("pyarrow.parquet.core", "ParquetDataset.__init__", 1, "r"),
    ("pyarrow.parquet.core", "ParquetWriter.__init__", 1, "w"),
    ("pyarrow.parquet", "read_table", 0, "r"),
    ("pyarrow.parquet", "write_table", 1, "w"),
    ("pyarrow.feather", "read_feather", 0, "r"),
    ("pyarrow.feather", "read_table", 0, "r"),
    ("pyarrow.feather", "write_feather", 1, "w"),
    ("pyarrow.csv", "read_csv", 0, "r"),
    ("pyarrow.csv", "open_csv", 0, "r"),
    ("pyarrow.csv", "write_csv", 1, "w"),
    ("pyarrow.json", "read_json", 0, "r"),
    ("pyarrow.dataset", "dataset", 0, "r"),
    ("pyarrow.dataset", "write_dataset", 1, "w"),
    ("pyarrow", "memory_map", 0, 1),
    ("pyarrow", "create_memory_map", 0, "w"),
    ("pyarrow", "OSFile", 0, 1),
    ("pyarrow", "input_stream", 0, "r"),
    ("pyarrow", "output_stream", 0, "w"),
)


class Rules(NamedTuple):
    """What the processes of one stage may touch inside the project.

    Attributes
    ----------
    stage : str
        Its name.
    root : str
        The project.
    reads : list of str
        Files that may be read.
    folders : list of str
        Folders in which all may be read and written.
    packages : list of str
        Folders of installed code: all may be read, and compiled code be kept.
    noted : str
        The file to which each fault is appended, one JSON object a line.
    """

    stage: str
    root: str
    reads: list[str]
    folders: list[str]
    packages: list[str]
    noted: str


def rules(
    name: str, root: Path, reads: Iterable[Path], folders: Iterable[Path], place: Path
) -> Rules:
    """Return the rules of a stage.

    Parameters
    ----------
    name : str
        Its name.
    root : Path
        The project.
    reads : iterable of Path
        Files that it may read; of a module of Python, the packages above it are too.
    folders : iterable of Path
        Folders in which it may read and write.
    place : Path
        The folder of its kernel.

    Returns
    -------
    Rules
        With all paths resolved.

    Examples
    --------
    >>> found = rules("02-trend", Path("/project"), [Path("/project/a/b.py")], [], Path("/tmp/k"))
    >>> found.reads
    ['/project/__init__.py', '/project/a/__init__.py', '/project/a/b.py']
    """
    home = Path(os.path.realpath(root))
    resolved = {Path(os.path.realpath(one)) for one in reads}
    for path in [one for one in resolved if one.suffix == ".py"]:
        resolved |= {up / "__init__.py" for up in path.parents if up.is_relative_to(home)}
    return Rules(
        name,
        str(home),
        sorted(map(str, resolved)),
        [os.path.realpath(one) for one in (*folders, place)],
        sorted({os.path.realpath(one) for one in (sys.prefix, *filter(None, PACKAGES))}),
        str(place / "faults.jsonl"),
    )


def write_rules(found: Rules, place: Path) -> Path:
    """Write the rules where the processes of a kernel find them.

    Parameters
    ----------
    found : Rules
        The rules.
    place : Path
        The folder of the kernel.

    Returns
    -------
    Path
        The file, which :data:`WATCH` is to name.
    """
    path = place / "rules.json"
    path.write_text(json.dumps(found._asdict()), encoding="utf-8")
    return path


def noted(place: Path) -> list[dict[str, Any]]:
    """Return the faults that the processes of a kernel have noted.

    Parameters
    ----------
    place : Path
        The folder of the kernel.

    Returns
    -------
    list of dict
        ``cell``, the execution number of the cell or None, and ``said``, the sentence.
    """
    path = place / "faults.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def begin() -> None:
    """Watch this process from here on, by the rules that :data:`WATCH` names."""
    text = Path(os.environ[WATCH]).read_text(encoding="utf-8")
    watch = Watch(Rules(**json.loads(text)))
    sys.addaudithook(watch)
    for module, name, at, mode in COMPILED:
        _tell(module, name, at, mode)


class Watch:
    """The hook.

    Parameters
    ----------
    found : Rules
        The rules.
    """

    def __init__(self, found: Rules) -> None:
        self._rules = found
        self._reads = frozenset(found.reads)
        self._inside = found.root + os.sep
        self._folders = tuple(one + os.sep for one in found.folders)
        self._packages = tuple(one + os.sep for one in found.packages)
        self._code = os.path.join(found.root, "src", "")
        self._noted = os.open(found.noted, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._busy = threading.local()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse an event that the rules do not allow.

        Parameters
        ----------
        event : str
            Its name, as of Python's table of audit events.
        arguments : tuple
            What came with it.

        Raises
        ------
        InputError
            When it is refused.
        """
        if event == "open":
            path, _mode, flags = arguments
            said = self._file(path, bool(isinstance(flags, int) and flags & WRITES))
        elif event in CHANGES:
            told = (self._file(arguments[at], True) for at in CHANGES[event])
            said = next(filter(None, told), "")
        elif event in NETWORK:
            said = _network(event, arguments)
        elif event in PROCESSES and _by_a_cell():
            said = (
                f"it starts another program ({event}), which nothing watches; "
                "use functions of this project and of its packages"
            )
        else:
            return
        if said:
            self._refuse(said)

    def _file(self, path: Any, writes: bool) -> str:
        """Return why a file may not be touched, or nothing."""
        if not isinstance(path, (str, bytes, os.PathLike)):
            return ""
        full = os.path.realpath(os.fsdecode(path))
        if not full.startswith(self._inside) and full != self._rules.root:
            return ""
        if (full + os.sep).startswith(self._folders):
            return ""
        if os.path.basename(full) == "__pycache__":
            return ""
        compiled = os.path.basename(os.path.dirname(full)) == "__pycache__"
        if full.startswith(self._packages) and (compiled or not writes):
            return ""
        folder, name = os.path.split(full)
        if compiled and full.startswith(self._code):
            full, writes = os.path.join(os.path.dirname(folder), name.split(".")[0] + ".py"), False
        if full in self._reads and not writes:
            return ""
        shown, stage = os.path.relpath(full, self._rules.root), self._rules.stage
        if writes:
            return (
                f"it writes {shown}, which is not {stage}'s to write; name a table among its "
                "writes in stages.toml and use stage.write"
            )
        if full.startswith(self._code):
            return (
                f"it reads {shown}, which no import statement of {stage} reaches; "
                "import it by a statement, so that a change in it is noticed"
            )
        return (
            f"it reads {shown}, which {stage} does not declare; name it among its reads in "
            "stages.toml and use stage.read"
        )

    def _refuse(self, said: str) -> None:
        line = json.dumps({"cell": _running_cell(), "said": said}) + "\n"
        os.write(self._noted, line.encode())
        raise InputError(said)


def _network(event: str, arguments: tuple[Any, ...]) -> str:
    """Return why a connection may not be made; sockets in the file system stay on the machine."""
    address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    if event != "socket.getaddrinfo" and not isinstance(address, tuple):
        return ""
    return "it uses the network, on which no result may depend; put what it needs into data/raw"


def _by_a_cell() -> bool:
    """Return whether it was a cell, or code of this project, that asked, and no library."""
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if (package := next((one for one in PACKAGES if file.startswith(one + os.sep)), "")) != "":
            if file[len(package) + 1 :].split(os.sep)[0] not in SHELLS:
                return False
        elif not file.startswith(STANDARD):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return True  # a thread of a shell


def _running_cell() -> int | None:
    """Return the execution number of the running cell, None in a worker."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return len(shell.user_ns["In"]) - 1 if shell else None


def _tell(module: str, name: str, at: int, how: str | int) -> None:
    """Make a compiled reader or writer tell the hook what it is about to open."""
    holder: Any = importlib.import_module(module)
    *owner, last = name.split(".")
    for one in owner:
        holder = getattr(holder, one)
    real: Callable[..., Any] = getattr(holder, last)

    @functools.wraps(real)
    def told(*given: Any, **named: Any) -> Any:
        # By name the path may stand anywhere; what is none leads into the kernel's own folder.
        named_paths = [one for name, one in named.items() if name != "mode"]
        paths = given[at] if len(given) > at else named_paths
        mode = how
        if isinstance(how, int):
            mode = str(given[how] if len(given) > how else named.get("mode", "r"))
        flags = os.O_RDONLY if mode in ("r", "rb") else os.O_WRONLY | os.O_CREAT
        for path in paths if isinstance(paths, (list, tuple)) else [paths]:
            if isinstance(path, (str, bytes, os.PathLike)):
                sys.audit("open", path, mode, flags)
        return real(*given, **named)

    setattr(holder, last, told)
