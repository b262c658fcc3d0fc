"""What stands at the top of a chapter: number, minutes, notebook, citation, what it was judged by.

The number is that of its file. Where several files share one, as ``03-trend`` and ``03-whom`` do,
a letter in the order of the contents tells them apart.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from helpers.base import markup, paths
from helpers.base.reading import read_yaml

CITATION = paths.ROOT / "CITATION.cff"
WORDS_A_MINUTE = 220
MOST = 4  # claims that are named
CHAPTER = re.compile(r"- file: (notebooks/(\d+)-\S+)")
TITLE = re.compile(r"^# (?P<title>.+)$", re.MULTILINE)
ROLE = re.compile(r"\{[\w:-]+\}`[^`]*`")


def numbers(toc: str) -> dict[str, str]:
    """Return the number of each chapter.

    Parameters
    ----------
    toc : str
        The table of contents, as laid out for the builder.

    Returns
    -------
    dict of str to str
        Page to number, with a letter where chapters share one.

    Examples
    --------
    >>> toc = "- file: notebooks/02-a\\n- file: notebooks/03-b\\n- file: notebooks/03-c"
    >>> numbers(toc)
    {'notebooks/02-a': '2', 'notebooks/03-b': '3a', 'notebooks/03-c': '3b'}
    """
    found = CHAPTER.findall(toc)
    many = Counter(number for _, number in found)
    seen: Counter[str] = Counter()
    result = {}
    for page, number in found:
        letter = chr(ord("a") + seen[number]) if many[number] > 1 else ""
        seen[number] += 1
        result[page] = f"{int(number)}{letter}"
    return result


def minutes(cells: list[dict[str, Any]]) -> int:
    """Return how many minutes the words of a page take.

    Parameters
    ----------
    cells : list of dict
        Cells of a page; code, which is folded, takes none.

    Returns
    -------
    int
        At least one.

    Examples
    --------
    >>> minutes([{"cell_type": "markdown", "source": "word " * 1000}])
    5
    """
    texts = ("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")
    return max(1, round(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))


def cited() -> dict[str, Any]:
    """Return what the project says of how to cite it.

    Returns
    -------
    dict
        ``CITATION.cff``; empty where there is none.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    return read_yaml(CITATION) if CITATION.exists() else {}


def citation(title: str, book: str) -> str:
    """Return how to cite a chapter, as text and for BibTeX.

    Parameters
    ----------
    title : str
        Of the chapter, as Markdown.
    book : str
        Of the book, as plain text.

    Returns
    -------
    str
        Markdown, folded; empty where the project has no ``CITATION.cff``.

    Raises
    ------
    InputError
        When that file cannot be read.
    """
    if not (told := cited()):
        return ""
    names = [
        one.get("name") or f"{one.get('family-names', '')}, {one.get('given-names', '')}"
        for one in told.get("authors", [])
    ]
    year, version = str(told.get("date-released", ""))[:4], told.get("version", "")
    part = ROLE.sub("…", title).strip()
    stop = "" if part.endswith(("?", "!", ".")) else "."
    text = (
        f"{markup.markdown('; '.join(names))} ({year}). {part}{stop} "
        f"In *{markup.markdown(book)}*, version {version}."
    )
    bibtex = "\n".join(
        [
            f"@incollection{{compendium-{_key(part)},",
            f"  author = {{{' and '.join(f'{{{name}}}' for name in names)}}},",
            f"  title = {{{_plain(part)}}},",
            f"  booktitle = {{{_plain(book)}}},",
            f"  year = {{{year}}},",
            f"  note = {{Version {version}}}",
            "}",
        ]
    )
    return f":::{{dropdown}} Cite this chapter\n{text}\n\n```bibtex\n{bibtex}\n```\n:::"


def _key(title: str) -> str:
    return "-".join(re.findall(r"[a-z]+", title.lower())[:3]) or "chapter"


def _plain(text: str) -> str:
    """Return words that BibTeX reads as they stand."""
    return re.sub(r"([&%$#_])", r"\\\1", re.sub(r"[*`{}\\]", "", text))


def badges(judged: Sequence[tuple[str, str, str]]) -> str:
    """Return the claims that rest on a chapter, with their verdicts.

    Parameters
    ----------
    judged : sequence of (str, str, str)
        Verdict, statement and address of each, those first that rest on it most.

    Returns
    -------
    str
        HTML in one block; empty where there is none.

    Examples
    --------
    >>> print(badges([("Partly", "More <died>.", "09-cards.html#claim-dead")]))
    <ul class="judged"><li><span class="verdict partly">Partly</span> \
<a href="09-cards.html#claim-dead">More &lt;died&gt;.</a></li></ul>
    """
    if not judged:
        return ""
    lines = [
        f'<li><span class="verdict {verdict.lower().replace(" ", "-")}">{markup.html(verdict)}'
        f'</span> <a href="{address}">{markup.html(claim)}</a></li>'
        for verdict, claim, address in judged[:MOST]
    ]
    if (more := len(judged) - MOST) > 0:
        page = judged[MOST][2].partition("#")[0]
        lines.append(f'<li><a href="{page}">and {more} more</a></li>')
    return f'<ul class="judged">{"".join(lines)}</ul>'


def opened(
    page: dict[str, Any],
    number: str,
    book: str,
    notebook: str,
    judged: Sequence[tuple[str, str, str]] = (),
) -> dict[str, Any]:
    """Return a chapter with what stands at its top.

    Parameters
    ----------
    page : dict
        A notebook as JSON, as of :func:`helpers.book.notebooks.as_page`; it is not changed.
    number : str
        As of :func:`numbers`; empty where the chapter has none.
    book : str
        The title of the book.
    notebook : str
        The executed notebook, from the page; empty where it may not be passed on.
    judged : sequence of (str, str, str), optional
        As of :func:`badges`.

    Returns
    -------
    dict
        A notebook as JSON; a page without a title stays as it is.
    """
    time = minutes(page["cells"])
    facts = [f"About {time} minute{'s' if time > 1 else ''} to read"]
    if notebook:
        facts.append(f"{{download}}`the notebook with its outputs <{notebook}>`")
    cells = list(page["cells"])
    for at, cell in enumerate(cells):
        source = "".join(cell["source"])
        if cell["cell_type"] != "markdown" or not (found := TITLE.search(source)):
            continue
        title = found["title"].strip()
        lines = [
            f"# {number}. {title}" if number else f"# {title}",
            "",
            "::::{div} opening",
            " · ".join(facts),
            "",
            citation(title, book),
            "",
            badges(judged),
            "::::",
        ]
        after = source[: found.start()] + "\n".join(lines) + "\n" + source[found.end() :]
        cells[at] = {**cell, "source": after}
        break
    return {**page, "cells": cells}
