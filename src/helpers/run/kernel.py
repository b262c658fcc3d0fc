"""A kernel that nothing personal reaches: its interpreter, variables, folders and sockets are ours.

Only :data:`PASSED` of the user's variables goes in; ``PYTHONPATH`` is the one folder from which
this package runs, the home is an empty folder, and so are the configurations of IPython, Jupyter
and matplotlib. The working folder holds an empty ``matplotlibrc``, since matplotlib looks there
first.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import helpers
from helpers.base import varied
from helpers.base.errors import InputError

if TYPE_CHECKING:
    from jupyter_client.manager import KernelManager

# One BLAS thread and fixed hash seed: the same machine gives the same bytes.
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1767225600",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # a process that forks has one thread
    "MPLBACKEND": "agg",
}
# The same instructions on each processor: a sampler turns the last bit of a sum into other draws.
# Those of AVX2 are on all x86-64 since 2013; newer ones add in another order.
PROCESSOR = {
    "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Haswell",
}
CPU = Path("/proc/cpuinfo")
PASSED = ("PATH", "TMPDIR", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
LOCALE = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
SOCKET_LIMIT = 100  # letters of the path of a socket; systems allow 103 or 107
SOCKET_NAME = "/k-99999"
SHORT = ("/tmp", "/var/tmp", "/dev/shm")  # where a temporary folder has a short name
SAID = "stderr.txt"  # in the folder of a kernel: what it and its cells said there
PLACE = "COMPENDIUM_KERNEL"  # names the folder of a kernel to the kernel
# Nothing from the working folder, nothing from the user's packages.
PROGRAM = (sys.executable, "-P", "-s", "-m", "helpers.run.inside")
LOOK = 0.005  # seconds between two looks whether a kernel that was killed has ended
SETTINGS = ("--HistoryManager.enabled=False",)  # a data base on disk that nobody reads
# Python runs it in each process that a kernel starts; the kernel itself begins by itself.
WORKER = """import os
if "COMPENDIUM_KERNEL" not in os.environ and "COMPENDIUM_WATCH" in os.environ:
    from helpers.run import watched
    watched.begin()
"""
FOLDERS = ("workers", "home", "work", "matplotlib", "ipython", "jupyter")
COLD = "COMPENDIUM_COLD_KERNELS"  # set to anything: each kernel is started in the ordinary way
# What one kernel has for itself, besides what its stage adds.
APART = (
    *("PYTHONPATH", "HOME", "MPLCONFIGDIR", "IPYTHONDIR", PLACE),
    *(f"JUPYTER_{one}_DIR" for one in ("CONFIG", "DATA", "RUNTIME")),
)
# What most notebooks import: packages that start no thread. JAX starts many, so it is not here.
PRELOADED = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "zmq.eventloop.zmqstream", "numpy.random"),
    *("pandas", "pandas.io.parquet", "pandas.io.formats.style", "yaml", "pydantic"),
    *(f"pyarrow.{one}" for one in ("parquet", "feather", "csv", "json", "dataset")),
    *(f"matplotlib.{one}" for one in ("pyplot", "backends.backend_agg", "backends.backend_svg")),
    *(f"scipy.{one}" for one in ("linalg", "optimize", "signal", "special", "stats")),
    *("seaborn", "statsmodels.api", "statsmodels.tsa.deterministic", "pandera.pandas"),
)


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder of its own to a kernel, with a path short enough for sockets.

    Yields
    ------
    Path
        With the empty folders and configurations that a kernel is given; removed at the end.

    Raises
    ------
    InputError
        When no temporary folder has a short enough path.

    Examples
    --------
    >>> with folder() as place:
    ...     len(f"{place}{SOCKET_NAME}") <= SOCKET_LIMIT, (place / "work" / "matplotlibrc").exists()
    (True, True)
    """
    with tempfile.TemporaryDirectory(prefix="k", dir=_short(), ignore_cleanup_errors=True) as name:
        place = Path(name)
        for one in FOLDERS:
            (place / one).mkdir()
        for one in ("work", "matplotlib"):
            (place / one / "matplotlibrc").touch()
        (place / "workers" / "sitecustomize.py").write_text(WORKER, encoding="utf-8")
        yield place


def _short() -> str:
    for parent in (tempfile.gettempdir(), *SHORT):
        longest = f"{os.path.abspath(parent)}/k12345678{SOCKET_NAME}".encode()
        if len(longest) <= SOCKET_LIMIT and os.access(parent, os.W_OK | os.X_OK):
            return parent
    raise InputError(
        f"no temporary folder has a path short enough for the sockets of a kernel: "
        f"{tempfile.gettempdir()} is too long; set TMPDIR to a folder such as /tmp"
    )


def environment(place: Path) -> dict[str, str]:
    """Return all variables of a kernel.

    Parameters
    ----------
    place : Path
        Its folder, as of :func:`folder`.

    Returns
    -------
    dict of str to str
        The same for every user but for :data:`PASSED`, and for what ``make verify`` varies.

    Examples
    --------
    >>> found = environment(Path("/tmp/k1"))
    >>> found["HOME"], found["PYTHONHASHSEED"], "JUPYTER_PATH" in found
    ('/tmp/k1/home', '0', False)
    """
    return {
        **_instructions(),
        **{name: os.environ[name] for name in PASSED if name in os.environ},
        **LOCALE,
        **KERNEL_ENVIRONMENT,
        "PYTHONPATH": f"{Path(helpers.__file__).resolve().parents[1]}{os.pathsep}{place}/workers",
        "HOME": str(place / "home"),
        "MPLCONFIGDIR": str(place / "matplotlib"),
        "IPYTHONDIR": str(place / "ipython"),
        **{f"JUPYTER_{one}_DIR": str(place / "jupyter") for one in ("CONFIG", "DATA", "RUNTIME")},
        "JUPYTER_NO_CONFIG": "1",
        PLACE: str(place),
        **varied.environment(),
    }


def _instructions() -> dict[str, str]:
    """Return what keeps libraries to :data:`PROCESSOR`, where the processor has these."""
    has = platform.machine() in ("x86_64", "AMD64") and CPU.exists() and "avx2" in CPU.read_text()
    return PROCESSOR if has else {}


def compute_alike() -> None:
    """Let this process and those it starts compute as kernels do, before numpy is imported.

    A trial that is kept for the book is then the same on each machine, as a stage is.

    Examples
    --------
    >>> before = dict(os.environ)
    >>> compute_alike()
    >>> os.environ["OPENBLAS_NUM_THREADS"]
    '1'
    >>> os.environ.clear(), os.environ.update(before)
    (None, None)
    """
    os.environ.update(_instructions() | KERNEL_ENVIRONMENT)


def last_said(place: Path) -> str:
    """Return the last line that a kernel said on its stderr.

    Parameters
    ----------
    place : Path
        Its folder, as of :func:`folder`.

    Returns
    -------
    str
        An empty text where it said nothing.

    Examples
    --------
    >>> with folder() as place:
    ...     _ = (place / SAID).write_bytes(b"Traceback:\\nMemoryError\\n\\n")
    ...     last_said(place)
    'MemoryError'
    """
    file = place / SAID
    if not file.exists():
        return ""
    with file.open("rb") as handle:
        handle.seek(max(0, file.stat().st_size - 10_000))  # a flood is not read whole
        lines = handle.read().decode("utf-8", "replace").split("\n")
    return next((one.strip() for one in reversed(lines) if one.strip()), "")[:300]


def manager(place: Path, apart: Iterable[str] = ()) -> "KernelManager":
    """Return the manager of a kernel that is this interpreter and has no port.

    Parameters
    ----------
    place : Path
        Its folder, as of :func:`folder`.
    apart : iterable of str, optional
        Variables that it is given besides those of :func:`environment`.

    Returns
    -------
    jupyter_client.manager.AsyncKernelManager
        Not started yet; no kernel of that name is looked up anywhere.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    from helpers.run.prompt import PromptClient

    class OwnKernelManager(AsyncKernelManager):
        """Knows one kernel."""

        client_factory = PromptClient
        kernel_spec = KernelSpec(
            argv=[*PROGRAM, *SETTINGS, "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": _provisioner(list(apart))},
        )

        async def _async_wait(self, pollinterval: float = LOOK) -> None:
            await super()._async_wait(pollinterval)

    return OwnKernelManager(
        transport="ipc", ip=str(place / "k"), connection_file=str(place / "kernel.json")
    )


def prepare() -> None:
    """Begin with the imports of kernels, for this process and those that it is about to fork."""
    config = _provisioner([]).get("config")
    if config:
        from helpers.run import warm
        from helpers.run.forked import CannotFork, prepared

        try:
            prepared(list(PROGRAM[:-2]), config["preload"], list(APART), environment(Path()))
        except (CannotFork, OSError) as reason:
            warm.say(str(reason))


def _provisioner(apart: list[str]) -> dict[str, Any]:
    """Return what starts a kernel, as the specification of one names it.

    The second build of ``make verify`` starts each with its own imports: both ways, the same bytes.
    """
    if not varied.asked() and COLD not in os.environ:
        from helpers.run import warm

        if metadata.entry_points(group="jupyter_client.kernel_provisioners", name=warm.NAME):
            config = {"preload": list(PRELOADED), "apart": [*APART, *apart]}
            return {"provisioner_name": warm.NAME, "config": config}
        warm.say(f"this environment does not name {warm.NAME}; remove .venv and run make again")
    return {"provisioner_name": "local-provisioner"}
