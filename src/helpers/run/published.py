"""Which run is published, for whoever needs to know no more of runs."""

from functools import lru_cache
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.reading import read_toml, read_yaml


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


@lru_cache
def published_country() -> str:
    """Return the country of the default run, as its file of parameters spells it.

    Returns
    -------
    str
        Empty where the file does not say.

    Examples
    --------
    >>> published_country() in default_params().read_text(encoding="utf-8")
    True
    """
    return str((read_yaml(default_params()) or {}).get("country", ""))
