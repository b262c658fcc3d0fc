"""Prose of a working copy: what the roles of a page show, in their place, and the roles back again.

JupyterLab knows no roles and no captions, so a copy has in the place of each an element of HTML,
which it draws and leaves alone (:mod:`helpers.base.elements`). Nothing else is kept anywhere: an
element may be moved, copied to another cell or deleted with its sentence, and the text around it
may change in any way. What differs from what it showed was typed by a person.

Only what the parser of the book reads as a role is filled in. Where this reading of a block and the
parser's differ, and where a result is not there, the code stays. Of a ``:::{caption}`` block the
lines that begin and end it, and the name of its ``:alt:``, become elements too; a stage that runs
in the copy reads them as what they stand for (:mod:`helpers.run.captions`).
"""

import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from helpers.base.elements import ELEMENT, MARK, element, read
from helpers.base.errors import InputError

if TYPE_CHECKING:
    from markdown_it.token import Token

Shows = Callable[[str, str], str | None]
ROLE = re.compile(r"\{([a-zA-Z0-9_:+-]+)\}(`+)(?!`)(?:.+?)(?<!`)\2(?!`)", re.DOTALL)
CODE = re.compile(r"(`+)(?!`)(?:.+?)(?<!`)\1(?!`)", re.DOTALL)
TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
TICKS = re.compile("`+")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# The lines of a caption that are no prose, and what a reader of the copy sees there.
OPENS, OPTION, CLOSES = (
    re.compile(one) for one in (r":::\{caption\}[ \t]*(\S+)(?=\s*$)", r":alt:", r":::(?=\s*$)")
)
CAPTION, UNSEEN = "Caption of {}:", "Said to who cannot see it:"


class _Found(NamedTuple):
    """What is to be replaced: its place in the text, and what is shown there."""

    start: int
    end: int
    words: str


def filled(source: str, shows: Shows) -> str:
    """Return a text of Markdown with what its roles show in their place.

    Parameters
    ----------
    source : str
        A Markdown cell.
    shows : callable
        From name and text of a role to its words, or ``None`` where it is to stay.

    Returns
    -------
    str
        :func:`roles_back` makes ``source`` of it, to the letter.

    Examples
    --------
    >>> print(filled("Up {num}`a.b:.1f` times.", lambda name, text: "1.7"))
    Up <span title="&#123;num&#125;&#96;a.b:.1f&#96;" data-shown="1.7">1.7</span> times.
    >>> filled("As in `{num}` or ``{num}`a.b` ``.", lambda name, text: "1.7")
    'As in `{num}` or ``{num}`a.b` ``.'
    """
    parts, at = [], 0
    for one in sorted([*_roles(source, shows), *_marks(source)]):
        parts += [_literal(source[at : one.start]), element(source[one.start : one.end], one.words)]
        at = one.end
    return "".join([*parts, _literal(source[at:])])


def _literal(text: str) -> str:
    """Return a text whose own mark, if it has one, is no mark of an element."""
    return element(MARK, MARK).join(text.split(MARK))


def roles_back(source: str, where: str) -> str:
    """Return a text of Markdown with its roles in the place of what they showed.

    Parameters
    ----------
    source : str
        A cell of a working copy, as of :func:`filled`, and as a person edited it.
    where : str
        What a sentence calls it.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    InputError
        Where somebody typed over what a role showed, or an element is not whole.

    Examples
    --------
    >>> roles_back(filled("Up {num}`a.b` times.", lambda name, text: "2"), "").replace("Up", "So")
    'So {num}`a.b` times.'
    >>> copy = filled("Up {num}`a.b` times.", lambda name, text: "2")
    >>> roles_back(copy.replace(">2<", ">3<"), "a.ipynb, cell 1")
    Traceback (most recent call last):
    helpers.base.errors.InputError: a.ipynb, cell 1: '3' was typed over '2', which {num}`a.b` \
shows; write '2' again, or, to keep your words, delete the <span ...> around them
    """
    parts, at = [], 0
    for found in ELEMENT.finditer(source):
        one = read(found)
        if one.shows != one.showed:
            raise InputError(
                f"{where}: '{one.shows}' was typed over '{one.showed}', which {one.stands_for} "
                f"shows; write '{one.showed}' again, or, to keep your words, delete the <span ...> "
                "around them"
            )
        parts += [source[at : found.start()], one.stands_for]
        at = found.end()
        _refuse_mark(parts[-2], where)
    _refuse_mark(source[at:], where)
    return "".join([*parts, source[at:]])


def _refuse_mark(text: str, where: str) -> None:
    if MARK in text:
        before, _, after = text.partition(MARK)
        near = (before[-40:] + MARK + after[:20]).strip()
        raise InputError(
            f"{where}: an element that holds a number is not whole near '{near}'; undo that edit, "
            'or write its role instead, such as {num}`KEY`, or delete all from "<span" to "</span>"'
        )


def _roles(source: str, shows: Shows) -> Iterator[_Found]:
    """Yield the roles of a text that show something, with what that is."""
    starts = _starts(source)
    for first, last, said in _blocks(source, 0):
        begin = starts[min(first, len(starts) - 1)]
        text = source[begin : starts[min(last, len(starts) - 1)]]
        read = list(_scanned(text))
        if [one[1] for one in read] == [name for name, _ in said]:
            for one, (name, told) in zip(read, said, strict=True):
                if (words := shows(name, told)) is not None:
                    yield _Found(one.start() + begin, one.end() + begin, words)


def _marks(source: str) -> Iterator[_Found]:
    """Yield what begins and ends the captions of a text, and the names of what is said of them."""
    from helpers.prose.digits import parser

    starts = _starts(source)
    for token in parser().parse(source) if ":::{caption}" in source else ():
        if token.type != "colon_fence" or not token.map or token.level:
            continue
        first, last = token.map[0], min(token.map[1], len(starts) - 1) - 1
        opens = OPENS.match(source, starts[first], starts[first + 1])
        closes = CLOSES.match(source, starts[last], starts[last + 1])
        if not opens or not closes or first == last:
            continue
        yield _Found(*opens.span(), CAPTION.format(opens[1]))
        if option := OPTION.match(source, starts[first + 1], starts[first + 2]):
            yield _Found(*option.span(), UNSEEN)
        yield _Found(*closes.span(), "")


def _starts(source: str) -> list[int]:
    """Return where each line of a text begins, and last where the text ends."""
    return list(accumulate(map(len, LINE.findall(source)), initial=0))


def _blocks(source: str, above: int) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
    """Yield first line, line after the last, and the roles, of each block that has roles."""
    from helpers.prose.digits import parser

    row: tuple[int, int] | None = None
    said: list[tuple[str, str]] = []
    for token in parser().parse(source):
        if token.type == "tr_open" and token.map:
            row, said = (token.map[0], token.map[1]), []
        elif token.type == "tr_close" and row:
            if said:
                yield above + row[0], above + row[1], said
            row = None
        elif token.type == "inline" and (told := _said(token)):
            if row:
                said += told
            elif token.map:
                yield above + token.map[0], above + token.map[1], told
        elif token.type == "colon_fence" and token.map:
            yield from _blocks(token.content, above + token.map[0] + 1)


def _said(token: "Token") -> list[tuple[str, str]]:
    return [
        (one.meta["name"], one.content) for one in token.children or () if one.type == "myst_role"
    ]


def _scanned(text: str) -> Iterator[re.Match[str]]:
    """Yield what is written as a role, outside code and tags."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif role := ROLE.match(text, at):
            yield role
            at = role.end()
        elif passed := CODE.match(text, at) or TAG.match(text, at) or TICKS.match(text, at):
            at = passed.end()
        else:
            at += 1


def words_of(results: dict[str, dict], cited: Callable[[str], str | None]) -> Shows:
    """Return what each role shows, from the results of a run.

    Parameters
    ----------
    results : dict of str to dict
        ``results.json`` as read: key to entry.
    cited : callable
        From the keys of a citation to its words.

    Returns
    -------
    callable
        As :func:`filled` takes it. What a role of another name shows is not known here, nor what
        one shows that cannot be: its code stays.

    Examples
    --------
    >>> shows = words_of({}, lambda keys: "(Doe, 2001)")
    >>> shows("num", "a.b"), shows("cite", "doe2001"), shows("math", "x")
    (None, '(Doe, 2001)', None)
    """
    from helpers.book.numerals import BindingError
    from helpers.book.quoting import quoted, stated

    def shows(name: str, text: str) -> str | None:
        try:
            match name:
                case "num":
                    return quoted(text, results)[0]
                case "says":
                    return stated(text, results)[0]
                case "cite":
                    return cited(text)
        except BindingError:
            pass
        return None

    return shows
