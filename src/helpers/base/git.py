"""What git knows of this project, and of no repository around it."""

import os
import subprocess
from pathlib import Path


def git(root: Path, *words: str) -> str | None:
    """Return what a command of git prints.

    Parameters
    ----------
    root : pathlib.Path
        The project.
    *words : str
        The command.

    Returns
    -------
    str or None
        None where git is not there or refuses, or the repository is not the project's own.

    Examples
    --------
    >>> git(Path("/"), "rev-parse", "HEAD") is None
    True
    """
    # Variables such as GIT_DIR would lead to another repository.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    if not (root / ".git").exists():
        return None
    clean["GIT_CEILING_DIRECTORIES"] = str(root.parent)
    try:
        run = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, env=clean, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return run.stdout.decode("utf-8", "replace").strip()
