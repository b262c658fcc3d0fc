"""Which run is published, for whoever needs to know no more of runs."""

from functools import lru_cache
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.reading import read_toml


@lru_cache
def default_params() -> Path:
    """Return the parameter file of the default run.

    Returns
    -------
    Path
        What ``[tool.compendium] params`` of ``pyproject.toml`` names, a file of ``params/``.

    Raises
    ------
    InputError
        When ``pyproject.toml`` does not name it.

    Examples
    --------
    >>> default_params().parent == paths.PARAMS
    True
    """
    project = read_toml(paths.ROOT / "pyproject.toml")
    named = project.get("tool", {}).get("compendium", {}).get("params")
    if not named:
        raise InputError(
            "pyproject.toml names no default run; "
            'add params = "params/NAME.yml" to [tool.compendium]'
        )
    return paths.ROOT / named
