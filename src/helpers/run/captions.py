"""Captions are prose: they stand in Markdown cells, beside what they describe.

::

    :::{caption} trend-months
    :alt: A line of deaths by month that rises after the summer of 2021.
    Deaths by month. The dashed line is the trend of the three years before.
    :::

A table needs no ``:alt:``. The page of the notebook shows the words with the figure, not twice. In
a working copy elements stand in the place of what is no prose (:mod:`helpers.base.elements`).
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from helpers.base.elements import ELEMENT, MARK, read
from helpers.base.errors import InputError

BLOCK = re.compile(
    r"^:::\{caption\}[ \t]*(?P<name>\S*)[ \t]*\n"
    r"(?::alt:[ \t]*(?P<alt>.*)\n)?"
    r"(?P<text>(?:.*\n)*?):::[ \t]*$",
    re.MULTILINE,
)


class Caption(NamedTuple):
    """The words of one figure or table.

    Attributes
    ----------
    text : str
        The caption, in which numbers can be bound.
    alt : str
        What is said to who cannot see the figure; the caption where none is given.
    """

    text: str
    alt: str


def captions(notebook: dict[str, Any]) -> dict[str, Caption]:
    """Return the captions in the Markdown cells of a notebook.

    Parameters
    ----------
    notebook : dict
        A notebook as JSON.

    Returns
    -------
    dict of str to Caption
        By the name of the figure or table.

    Raises
    ------
    InputError
        Where a name has two captions.

    Examples
    --------
    >>> text = ":::{caption} rise\\n:alt: A line.\\nIt rises.\\n:::"
    >>> cell = {"cell_type": "markdown", "source": text}
    >>> captions({"cells": [cell]})["rise"]
    Caption(text='It rises.', alt='A line.')
    """
    found: dict[str, Caption] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        for block in BLOCK.finditer(_written("".join(cell["source"]))):
            name, text = block["name"], " ".join(block["text"].split())
            if name in found:
                raise InputError(f"the caption '{name}' stands in two places; drop one")
            found[name] = Caption(text, (block["alt"] or text).strip())
    return found


def _written(markdown: str) -> str:
    """Return a text with its captions as they are written, and with words that roles show."""

    def back(found: re.Match[str]) -> str:
        one = read(found)
        return one.stands_for if one.stands_for.startswith(":") else one.shows

    return ELEMENT.sub(back, markdown) if MARK in markdown else markdown


def without_captions(markdown: str) -> str:
    """Return a Markdown text without its captions.

    Parameters
    ----------
    markdown : str
        The source of a cell.

    Returns
    -------
    str
        The rest, which may be empty.

    Examples
    --------
    >>> without_captions(":::{caption} rise\\nIt rises.\\n:::\\n\\nWhat follows.")
    'What follows.'
    """
    return BLOCK.sub("", markdown).strip() if ":::{caption}" in markdown else markdown


def captions_of(path: Path) -> dict[str, Caption]:
    """Return the captions of a notebook file, as of :func:`captions`.

    Parameters
    ----------
    path : Path
        A notebook; one that does not exist has no captions.

    Returns
    -------
    dict of str to Caption
        By the name of the figure or table.

    Raises
    ------
    InputError
        Where a name has two captions.

    Examples
    --------
    >>> captions_of(Path("nowhere.ipynb"))
    {}
    """
    return captions(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
