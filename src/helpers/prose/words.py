"""``make audit``: list the words of quantity and rank in prose that nothing stands behind.

*Most*, *a fifth*, *the deadliest*, *every source*: a number could contradict them, so the role
``{says}`` ties them to recorded results (:mod:`helpers.prose.conditions`). What no data could
contradict, such as a fact about a method, is listed by page and phrase, each with its reason, in
``book/allowed-words.yml``; an entry that nothing needs any more is a finding too. Read is what
:mod:`helpers.prose.digits` reads, the text that a notebook's code writes into figures, and the
limits and reasons of the plan of claims.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.reading import read_yaml
from helpers.prose import vocabulary
from helpers.prose.digits import END, blank, called, drawn, prose, sources, spoken

FAMILIES = {name: vocabulary.compiled(words) for name, words in vocabulary.FOUND.items()}
HARMLESS = vocabulary.compiled(vocabulary.HARMLESS)
SUPPOSED = re.compile(rf"\b{vocabulary.SUPPOSED}".replace(" ", r"\s+"), re.IGNORECASE)
STATED = {"share", "number", "every", "rank", "agreement"}  # families that a supposition leaves
SENTENCE = re.compile(rf".+?(?:[.?!][\"”)]*(?=\s)|{END}|\Z)", re.DOTALL)


class Finding(NamedTuple):
    """A word of quantity or rank that is neither bound nor allowed."""

    place: str
    word: str
    sentence: str
    fault: str = "is neither bound by {says} nor allowed by name, in"

    def __str__(self) -> str:
        return f"{self.place}: '{self.word}' {self.fault}: {self.sentence}"


def allowed(path: Path | None = None) -> tuple[dict[str, list[str]], set[str]]:
    """Return what may stand unbound, and the pages whose words are listed but wait.

    Parameters
    ----------
    path : Path, optional
        A list of entries; ``book/allowed-words.yml`` where none is named.

    Returns
    -------
    tuple of (dict of str to list of str, set of str)
        Phrases by the name of their page, and names of pages that wait.

    Raises
    ------
    InputError
        For an entry without a page, phrases or a reason.
    """
    path = path or paths.BOOK / "allowed-words.yml"
    phrases: dict[str, list[str]] = {}
    waiting = set()
    for number, entry in enumerate(read_yaml(path) if path.exists() else [], start=1):
        page, said = entry.get("page"), entry.get("phrases") or []
        if not (page and entry.get("reason") and (said or entry.get("waits"))):
            raise InputError(f"{path.name}, entry {number}: needs a page, phrases and a reason")
        phrases.setdefault(page, []).extend(said)
        waiting |= {page} if entry.get("waits") else set()
    return phrases, waiting


@cache
def _phrase(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words.split())))


def _role(name: str, text: str) -> str:
    """Return what stands for a role: bound words are settled, another role quotes a result."""
    return " " if name == "says" else f" {vocabulary.BOUND} "


def unbound(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the words of quantity and rank in a text that claim something.

    Parameters
    ----------
    text : str
        Prose in which :data:`helpers.prose.vocabulary.BOUND` stands for each bound number.

    Yields
    ------
    tuple of (int, str, str)
        Where the word begins, the word, and its sentence.

    Examples
    --------
    >>> [word for _, word, _ in unbound("At most, most of the dead were civilians. Were most?")]
    ['most']
    """
    for sentence in SENTENCE.finditer(text):
        whole = " ".join(sentence[0].split())
        if not whole.rstrip('"”)').endswith("?"):
            for start, word in _claims(HARMLESS.sub(blank, sentence[0])):
                yield sentence.start() + start, " ".join(word.split()), whole


def _claims(sentence: str) -> Iterator[tuple[int, str]]:
    """Yield what a sentence claims, first things first; of what overlaps the first is enough."""
    found = [
        one
        for family, pattern in FAMILIES.items()
        for one in pattern.finditer(sentence)
        if family in STATED or not SUPPOSED.search(sentence[: one.start()])
    ]
    reached = 0
    for one in sorted(found, key=lambda one: (one.start(), -one.end())):
        if one.start() >= reached:
            reached = one.end()
            yield one.start(), one[0]


def passages(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield the prose of a page, a notebook or a plan of claims.

    Parameters
    ----------
    path : Path
        A Markdown page, a notebook, or a list of claims in YAML; of these the limits and the
        reasons are read, since a statement is what somebody else says.

    Yields
    ------
    tuple of (str, int, str)
        Where it stands (empty, or the cell or claim), its first line, and the prose.
    """
    if path.suffix == ".yml":
        for claim in read_yaml(path):
            texts = [*claim.get("limits", []), *filter(None, [claim.get("reason")])]
            yield f", claim '{claim['id']}'", 1, "\n".join(text + END for text in texts)
        return
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield "", 1, prose(source, _role)
        return
    for number, cell in enumerate(json.loads(source)["cells"], start=1):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield f", cell {number}", 1, prose(text, _role)
        elif cell["cell_type"] == "code":
            for line, words in (*spoken(text), *drawn(text)):
                yield f", cell {number}", line, prose(words, _role)


def in_file(path: Path, phrases: list[str]) -> list[Finding]:
    """Return the unbound words of a page or a notebook, then the phrases that it does not need.

    Parameters
    ----------
    path : Path
        A Markdown page or a notebook.
    phrases : list of str
        What may stand unbound in it.

    Returns
    -------
    list of Finding
        In the order in which they stand.
    """
    found, idle = [], dict.fromkeys(phrases)
    for cell, first, text in passages(path):
        spans = [(one, match.span()) for one in phrases for match in _phrase(one).finditer(text)]
        for start, word, sentence in unbound(text):
            by = [one for one, (left, right) in spans if left <= start < right]
            for one in by:
                idle.pop(one, None)
            if not by:
                line = first + text.count("\n", 0, start)
                found.append(Finding(f"{called(path)}{cell}, line {line}", word, sentence))
    return found + [
        Finding("allowed-words.yml", one, called(path), "is an entry that its page does not need")
        for one in idle
    ]


def findings() -> tuple[list[Finding], list[Finding]]:
    """Return the unbound words of the book and of the plan, and those of pages that wait.

    Returns
    -------
    tuple of (list of Finding, list of Finding)
        In the order of :func:`helpers.prose.digits.sources`, the plan of claims last.
    """
    phrases, waiting = allowed()
    now: list[Finding] = []
    later: list[Finding] = []
    plan = paths.RAW / "claims.yml"
    for path in (*sources(), *([plan] if plan.exists() else [])):
        mine = in_file(path, phrases.get(called(path), []))
        (later if called(path) in waiting else now).extend(mine)
    return now, later
