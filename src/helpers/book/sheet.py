"""What of a style sheet the pages of a book can use: rules whose names none of them has go.

The theme brings the rules of a whole library, of which a book uses a fifth, and a browser draws
nothing before it has read them all.
"""

import re
from collections.abc import Iterator, Set

# A comment, a string or an address may hold braces that open nothing.
PART = re.compile(
    r"""(?P<skip>/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^"')]*\))|(?P<sign>[{};])""",
    re.DOTALL,
)
COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)  # one with ! names an author and a licence
NAME = re.compile(r"[.#](-?[A-Za-z_](?:[\w-]|\\.)*)")
FUNCTION = re.compile(r":[\w-]+\([^()]*\)")
CONDITIONAL = ("@media", "@supports", "@container", "@layer")
ELSEWHERE = ("@import", "@charset")  # joined sheets need neither
ASKED = re.compile(r"var\(\s*(--[\w-]+)")
PROPERTY = re.compile(
    r"""(?<=[{;\s])(--[\w-]+)\s*:(?:"[^"]*"|'[^']*'|url\([^)]*\)|[^;{}"'])*(?:;|(?=\}))"""
)
MOVEMENT = re.compile(r"@(?:-webkit-)?keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}\n?")
ICON_FONT = "fontawesome"  # a book draws its own icons


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Take a style sheet apart.

    Parameters
    ----------
    css : str
        A style sheet, or what stands between the braces of ``@media``.

    Yields
    ------
    tuple of (str, str or None)
        What stands before the braces, and what stands in them; None for a statement without.

    Examples
    --------
    >>> list(rules('a{color:red} @charset "utf-8"; @media print{b{top:0}}'))
    [('a', 'color:red'), ('@charset "utf-8"', None), ('@media print', 'b{top:0}')]
    """
    start = depth = 0
    before = ""
    for found in PART.finditer(css):
        sign = found["sign"]
        if sign == "{":
            depth += 1
            if depth == 1:
                before, start = css[start : found.start()], found.end()
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield before.strip(), css[start : found.start()]
                start = found.end()
        elif sign == ";" and depth == 0:
            yield css[start : found.start()].strip(), None
            start = found.end()


def _may_match(selector: str, names: Set[str]) -> bool:
    """Say whether a selector asks only for classes and ids that are there; what :is says may be."""
    plain = selector
    while (shorter := FUNCTION.sub("", plain)) != plain:
        plain = shorter
    return all(name.replace("\\", "") in names for name in NAME.findall(plain))


def _selectors(before: str) -> list[str]:
    """Return the selectors of a rule; a comma between brackets parts none."""
    parts, depth = [""], 0
    for sign in before:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def used(css: str, names: Set[str]) -> str:
    """Return a style sheet without the rules that match nothing.

    Parameters
    ----------
    css : str
        The sheet.
    names : set of str
        Every class and id that a page has or a script gives.

    Returns
    -------
    str
        In the same order; comments that name a licence stay.

    Examples
    --------
    >>> used(".a,.b .c{top:0} /* x */ .b:not(.c){left:0} @media print{.c{top:1px}}", {"a", "b"})
    '.a{top:0}\\n.b:not(.c){left:0}'
    """
    kept = []
    for before, body in rules(COMMENT.sub("", css)):
        licence, _, head = before.rpartition("*/")
        if licence:
            kept.append(f"{licence.strip()}*/")
        head = head.strip()
        if body is None:
            if not head.startswith(ELSEWHERE):
                kept.append(f"{head};")
        elif head.startswith(CONDITIONAL):
            if inner := used(body, names):
                kept.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            if ICON_FONT not in body:
                kept.append(f"{head}{{{body.strip()}}}")
        elif matching := [one for one in _selectors(head) if _may_match(one, names)]:
            kept.append(f"{','.join(one.strip() for one in matching)}{{{body.strip()}}}")
    return "\n".join(kept)


def asked(css: str, names: Set[str]) -> str:
    """Return a style sheet without the properties and movements of its own that nothing asks for.

    Parameters
    ----------
    css : str
        The sheet.
    names : set of str
        Words of scripts, which may ask for a property.

    Returns
    -------
    str
        What only others that are not asked for ask for goes too.

    Examples
    --------
    >>> asked("a{--one:1;--two:var(--one);top:var(--three);--three:'a;b'}", set())
    "a{top:var(--three);--three:'a;b'}"
    """
    while True:
        shorter = _only(PROPERTY, {*ASKED.findall(css), *names}, css)
        words = set(re.findall(r"animation(?:-name)?\s*:([^;}]+)", shorter))
        moving = {word for text in words for word in re.split(r"[\s,]+", text)}
        shorter = _only(MOVEMENT, moving, shorter)
        if shorter == css:
            return css
        css = shorter


def _only(pattern: re.Pattern[str], wanted: Set[str], css: str) -> str:
    """Return a sheet with what a pattern finds only where its first group is wanted."""
    return pattern.sub(lambda found: found[0] if found[1] in wanted else "", css)
