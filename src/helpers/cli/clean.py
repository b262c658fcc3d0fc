"""``make clean``: remove what a run can make again."""

from helpers.base import paths
from helpers.base.files import everything, remove

MADE = ("book/_build", ".pytask", "pytask.lock", "pytask.lock.journal", ".pytest_cache")
STAYS = ("kept", ".gitkeep")  # tables that take hours to make


def clean() -> None:
    """Remove what is generated, but the kept tables, the environment and the locks of who waits."""
    for name in MADE:
        remove(paths.ROOT / name)
    for path in everything(paths.PROCESSED):
        if path.name not in STAYS:
            remove(path)
    for path in everything(paths.ROOT / ".run"):
        if path.suffix != ".lock":
            remove(path)
