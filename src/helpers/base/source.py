"""Which commit this is: from git, or in an unpacked bundle from the file that names it."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from helpers.base import paths
from helpers.base.files import listed, named, sha256
from helpers.base.git import git

COMMIT = "COMMIT"  # in a bundle: the commit in 40 digits, marked when files differed from it
MANIFEST = (
    "manifest-sha256.txt"  # in a bundle: the hash of every other file, as sha256sum writes it
)
CHANGED = ", with changes not committed"
UNKNOWN = "unknown (no git history)"
# What pages are made of: a file beside these, such as a new baseline, leaves them as committed.
MADE_OF = ("book", "data", "notebooks", "params", "pyproject.toml", "requirements.lock", "src")
# Below those, what is generated or only a person's own, here as in `.gitignore`.
GENERATED = ("_build", "processed", "__pycache__", "*.egg-info", ".ipynb_checkpoints")


def commit(root: Path | None = None) -> str:
    """Return the commit of the project.

    Parameters
    ----------
    root : Path, optional
        A folder with the project; this one by default. A repository above it is not its own.

    Returns
    -------
    str
        Twelve digits of its hash, marked when a file differs from it of which pages are made; or
        that there is no history.
    """
    root = root or paths.ROOT
    if (root / ".git").exists():
        head = git(root, "rev-parse", "--short=12", "HEAD") or ""
        changed = bool(head) and _changed(root)
    elif (root / COMMIT).is_file():
        named, _, _ = (root / COMMIT).read_text(encoding="utf-8").strip().partition(CHANGED)
        head = named[:12]
        changed = CHANGED in (root / COMMIT).read_text(encoding="utf-8") or _edited(root)
    else:
        return UNKNOWN
    return (head + CHANGED if changed else head) or UNKNOWN


def read_manifest(path: Path) -> dict[str, str]:
    """Read the hashes of a bundle's files.

    Parameters
    ----------
    path : Path
        A file as ``sha256sum`` writes it.

    Returns
    -------
    dict of str to str
        Name relative to the bundle, with forward slashes, to SHA-256.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "manifest-sha256.txt"
    ...     _ = path.write_text("ba78  data/raw/a table.csv\\n")
    ...     read_manifest(path)
    {'data/raw/a table.csv': 'ba78'}
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digits for digits, _, name in (line.partition("  ") for line in lines)}


def _changed(root: Path) -> bool:
    """Say whether git knows of a change; a new file counts when a person gave it its name."""
    said = git(root, "status", "--porcelain", "-z", "--untracked-files=all", "--", *MADE_OF)
    if said is None:  # git has named the commit, and cannot read the files: nobody knows
        return True
    lines = [line for line in said.split("\0") if line]
    return any(line[:3] != "?? " or named(PurePosixPath(line[3:])) for line in lines)


def _edited(root: Path) -> bool:
    """Say whether a file of which pages are made differs from the manifest, is new, or is gone."""
    listed = read_manifest(root / MANIFEST) if (root / MANIFEST).is_file() else {}
    told = {name: digits for name, digits in listed.items() if _is_source(name)}
    here = {name for name in _files(root) if _is_source(name)}
    return here != set(told) or any(sha256(root / name) != told[name] for name in here)


def _is_source(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[0] in MADE_OF and not any(
        PurePosixPath(part).match(pattern) for part in path.parts for pattern in GENERATED
    )


def _files(root: Path) -> Iterator[str]:
    for name in MADE_OF:
        found = [root / name] if (root / name).is_file() else listed(root / name, deep=True)
        yield from (path.relative_to(root).as_posix() for path in found)
