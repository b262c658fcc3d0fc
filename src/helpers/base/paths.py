"""Where things are. Every path of the project is said here, once."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

RAW = ROOT / "data" / "raw"  # figures as published, immutable, each with a sidecar
OWN = ROOT / "data" / "own"  # tables that a researcher brought; never in git, never passed on
FORECASTS = ROOT / "data" / "forecasts"  # frozen once each, never written again
PROCESSED = ROOT / "data" / "processed"  # everything a notebook writes; generated
NOTEBOOKS = ROOT / "notebooks"  # source notebooks, without outputs
PARAMS = ROOT / "params"  # named runs
BOOK = ROOT / "book"  # pages written by hand
BUILD = BOOK / "_build"  # the built book; generated
STAGES = NOTEBOOKS / "stages.toml"  # the graph: what reads and writes what
LOCK = ROOT / "requirements.lock"


def relative(path: Path) -> Path:
    """Return a path as a reader of the project knows it.

    Parameters
    ----------
    path : Path
        An absolute path.

    Returns
    -------
    Path
        Relative to the project where it lies inside it.

    Examples
    --------
    >>> relative(ROOT / "data" / "raw").as_posix()
    'data/raw'
    """
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
