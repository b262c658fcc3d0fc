"""``make archive``: a bundle judged as an archive would, by tools that are not the project's own.

What it is held against: its own list of hashes, the RO-Crate profile and the Frictionless standard.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed
from helpers.base.unpacked import unpack
from helpers.cli.bundle import faults

VENV = paths.ROOT / ".venv-archive"
LOCK = paths.ROOT / "requirements-archive.lock"
VALIDATORS = Path(__file__).with_name("validators.py")
CONTEXT = Path(__file__).with_name("ro-crate-1.2-context.json")
OFFLINE = (
    "no address was asked: whether those that the bundle names answer was not looked at, and the "
    "terms of RO-Crate are those of the copy of its context, version 1.2.0, that is kept here"
)


@dataclass(frozen=True)
class Judged:
    """What was said of a bundle.

    Attributes
    ----------
    files : int
        How many files it holds.
    wrong : list of str
        What is damaged, or what a standard requires and the bundle lacks.
    advised : list of str
        What RO-Crate only recommends.
    """

    files: int
    wrong: list[str]
    advised: list[str]


def archive(bundle: Path | None = None) -> Judged:
    """Unpack a bundle beside nothing else and let the validators judge it.

    Parameters
    ----------
    bundle : Path, optional
        A bundle; the newest of ``dist`` by default.

    Returns
    -------
    Judged
        What is wrong with it.

    Raises
    ------
    InputError
        When there is no bundle, it cannot be unpacked, or the validators cannot be installed.
    """
    bundle = bundle or _newest()
    if not bundle.is_file():
        raise InputError(f"{bundle} is no file; name a bundle that make bundle wrote")
    python = _environment()
    with tempfile.TemporaryDirectory(prefix="archive-") as folder:
        names = unpack(bundle, Path(folder) / "bundle")
        tops = {PurePosixPath(name).parts[0] for name in names}
        if len(tops) != 1:
            raise InputError(f"{bundle.name} has {len(tops)} folders at its top, a bundle has one")
        inside = Path(folder) / "bundle" / tops.pop()
        damaged = faults(inside)
        told = json.loads(_run([str(python), "-I", str(VALIDATORS), str(inside), str(CONTEXT)]))
    return Judged(len(names), [*damaged, *told["wrong"]], told["advised"])


def _newest() -> Path:
    found = sorted(listed(paths.ROOT / "dist", "*.zip"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise InputError("there is no bundle in dist; make bundle writes one")
    return found[-1]


def _environment() -> Path:
    """Make ``.venv-archive`` hold exactly its lock, and return its interpreter."""
    if VENV.is_symlink():
        raise InputError(f"{VENV.name} is a link, and what it leads to is not the project's own")
    uv, python = [sys.executable, "-m", "uv", "--quiet"], VENV / "bin" / "python"
    _run([*uv, "venv", "--allow-existing", "--python", sys.executable, str(VENV)])
    _run(
        [*uv, "pip", "sync", "--system-certs", "--require-hashes", f"--python={python}", str(LOCK)]
    )
    return python


def _run(command: list[str]) -> str:
    run = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    if run.returncode:
        last = run.stderr.strip().splitlines()[-1:] or ["it gave no reason"]
        raise InputError(f"{' '.join(Path(one).name for one in command[:4])} failed: {last[0]}")
    return run.stdout
