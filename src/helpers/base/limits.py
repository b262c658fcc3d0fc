"""What nothing may exceed: time, output, sizes. They stand in ``pyproject.toml``, with a sentence.

A limit is to stop what would never end or never fit; it is set far above what the published run
needs, and changes no number, so it is no parameter of a run.
"""

import tomllib
from functools import lru_cache

from pydantic import Field

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.models import Strict, validated


class Limits(Strict):
    """``[tool.compendium.limits]`` of ``pyproject.toml``; each is at least 1.

    Attributes
    ----------
    cell_seconds : int
        How long one cell may run.
    output_kilobytes : int
        How much one cell may show and print.
    file_kilobytes : int
        How large a file that a person writes (YAML, TOML) may be.
    aliases : int
        How often such a file may repeat one of its own parts by an alias.
    depth : int
        How deep its parts may stand in one another.
    unpacked_megabytes : int
        What the files of an archive may have together.
    unpacked_files : int
        How many of them there may be.
    """

    cell_seconds: int = Field(1800, ge=1)
    output_kilobytes: int = Field(20_000, ge=1)
    file_kilobytes: int = Field(2_000, ge=1)
    aliases: int = Field(100, ge=1)
    depth: int = Field(50, ge=1)
    unpacked_megabytes: int = Field(4_000, ge=1)
    unpacked_files: int = Field(100_000, ge=1)


@lru_cache
def limits() -> Limits:
    """Return the limits of this project.

    Returns
    -------
    Limits
        Those of ``pyproject.toml``, the default where it names none.

    Raises
    ------
    InputError
        When the file is no TOML, or a limit is unknown or no number.

    Examples
    --------
    >>> limits().cell_seconds > 60
    True
    """
    try:
        project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"pyproject.toml is not readable TOML: {error}") from None
    found = project.get("tool", {}).get("compendium", {}).get("limits", {})
    return validated(Limits, found, "pyproject.toml, [tool.compendium.limits]", word="limit")
