"""Text stays text: the one place that writes data into Markdown, HTML, a link or a cell of CSV.

What people of the project write is markup; what comes from a table, a sidecar, a parameter, a
result or the name of a file is text. On its way into a document it passes one of these functions,
named after where it goes. They hold by a property of the format (in Markdown any sign of
punctuation may stand behind a backslash), not by a list of what is known to be harmful.
"""

import html as _html
import json
import re
import unicodedata
from urllib.parse import quote, urlsplit

# Every sign of ASCII that can begin, end or part markup; the other signs say nothing anywhere.
SIGNS = re.compile(r"""([!#$%&()*+\-.:<=>@\[\\\]^_`{|}~])""")
# Signs that turn the direction of writing for what follows; they hide what a text says.
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# What a caption may hold beside text: bound numbers and words, emphasis, code.
CAPTION = re.compile(
    r"(?P<role>\{(?:num|says)\}`[^`]*`)"
    r"|`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>(?!\s)[^*]+(?<!\s))\*\*"
    r"|\*(?P<em>(?!\s)[^*]+(?<!\s))\*"
)
NUMBER = re.compile(r"[+-]?(?:\d[\d,\s]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*%?")
# A name as code has it, in a sentence: an id, a column, a file, a key of a result.
ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
NAME = re.compile(r"[\w./:?=&%#~+-]*[^\W_]_[^\W_][\w./:?=&%#~+-]*(?<![./:?-])")
HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")


def line(text: object) -> str:
    """Return a text on one line, without signs that nobody sees.

    Parameters
    ----------
    text : object
        What is to be said, as :class:`str` gives it.

    Returns
    -------
    str
        Runs of white space are one space; signs of control, signs that turn the direction of
        writing and halves of surrogate pairs are gone.

    Examples
    --------
    >>> line(" two\\nlines\\u202e and\\x00 a half\\ud800 ")
    'two lines and a half'
    """
    words = " ".join(str(text).split())
    return "".join(
        sign
        for sign in words
        if sign not in DIRECTIONS and unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")
    ).strip()


def markdown(text: object) -> str:
    """Return Markdown (MyST) that shows a text as it stands.

    Parameters
    ----------
    text : object
        Data.

    Returns
    -------
    str
        One line; no sign in it begins a directive, a role, HTML, a link, mathematics, a
        substitution, a comment, a target, a list or a cell.

    Examples
    --------
    >>> print(markdown("{num}`a` <b> [x](y) $1$ 7.5 %"))
    \\{num\\}\\`a\\` \\<b\\> \\[x\\]\\(y\\) \\$1\\$ 7\\.5 \\%
    """
    return SIGNS.sub(r"\\\1", line(text))


def code(text: object, *, in_table: bool = False) -> str:
    """Return Markdown that shows a text as code, which the text cannot close.

    Parameters
    ----------
    text : object
        Data.
    in_table : bool, default False
        Whether it stands in a table of pipes, which are then kept from parting cells.

    Returns
    -------
    str
        Inline code; nothing for an empty text.

    Examples
    --------
    >>> code("a`b"), code("a|b", in_table=True), code(" ")
    ('`` a`b ``', '`a\\\\|b`', '')
    """
    words = line(text)
    if not words:
        return ""
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    space = " " if longest else ""
    inside = words.replace("|", "\\|") if in_table else words
    return f"{'`' * (longest + 1)}{space}{inside}{space}{'`' * (longest + 1)}"


def caption(text: object) -> str:
    """Return the Markdown of a caption: text with bound numbers, emphasis and code in it.

    Parameters
    ----------
    text : object
        ``{num}`` and ``{says}``, ``*emphasis*`` and inline code are markup; all else is text.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> print(caption("Up by {num}`a.b` in *one* [x](y) {download}`z`"))
    Up by {num}`a.b` in *one* \\[x\\]\\(y\\) \\{download\\}`z`
    """
    words, parts, end = line(text), [], 0
    for found in CAPTION.finditer(words):
        parts.append(markdown_within(words[end : found.start()]))
        if found["role"]:
            parts.append(found["role"])
        elif found["code"]:
            parts.append(code(found["code"]))
        else:
            mark = "**" if found["strong"] else "*"
            parts.append(f"{mark}{markdown_within(found['strong'] or found['em'])}{mark}")
        end = found.end()
    return "".join([*parts, markdown_within(words[end:])])


def markdown_within(text: str) -> str:
    """Return part of a line as :func:`markdown` does, with the spaces at its ends.

    Parameters
    ----------
    text : str
        A part of a text that went through :func:`line`.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> markdown_within(" a* ")
    ' a\\\\* '
    """
    return SIGNS.sub(r"\\\1", text)


def spoken(text: object) -> str:
    """Return the Markdown of a sentence of a sidecar: text in which inline code is marked.

    Parameters
    ----------
    text : object
        Data.

    Returns
    -------
    str
        One line; what stands between two backticks is code, all else is text.

    Examples
    --------
    >>> print(spoken("made by `make x` *today* {raw}`y`"))
    made by `make x` \\*today\\* \\{raw\\}`y`
    """
    words, parts, end = line(text), [], 0
    for found in re.finditer(r"`([^`]+)`", words):
        parts += [markdown_within(words[end : found.start()]), code(found[1])]
        end = found.end()
    return "".join([*parts, markdown_within(words[end:])])


def parted(text: object) -> list[tuple[str, bool]]:
    """Return the parts of a line, names as code has them apart from the words between them.

    Parameters
    ----------
    text : object
        Data.

    Returns
    -------
    list of (str, bool)
        Each part with the spaces at its ends, and whether it is a name; together the line.

    Examples
    --------
    >>> parted("see deaths_2024, and a.b_c.")
    [('see ', False), ('deaths_2024', True), (', and ', False), ('a.b_c', True), ('.', False)]
    """
    words, parts, end = line(text), [], 0
    for found in NAME.finditer(words):
        parts += [(words[end : found.start()], False), (found[0], True)]
        end = found.end()
    return [(part, name) for part, name in [*parts, (words[end:], False)] if part]


def told(text: object) -> str:
    """Return Markdown that shows a text, and in it names as code has them as code.

    Parameters
    ----------
    text : object
        Data, which may stand in a table of pipes.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> print(told("of deaths_best *"))
    of `deaths_best` \\*
    """
    return "".join(
        code(part, in_table=True) if name else markdown_within(part) for part, name in parted(text)
    )


def html_told(text: object, *, ids: bool = True) -> str:
    """Return HTML of a text for the content of an element, names as code has them as code.

    Parameters
    ----------
    text : object
        Data.
    ids : bool, default True
        Whether ids are code too; else they are emphasised words.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> html_told("of deaths_best <b>")
    'of <code>deaths_best</code> &lt;b&gt;'
    >>> html_told("of deaths_best <b>", ids=False)
    'of <em>deaths best</em> &lt;b&gt;'
    """
    found = []
    for part, name in parted(text):
        words = not ids and ID.fullmatch(part)
        tag = "em" if words else "code"
        shown = _html.escape(part.replace("_", " ") if words else part)
        found.append(f"<{tag}>{shown}</{tag}>" if name else shown)
    return "".join(found)


def option(text: object) -> str:
    """Return a text as the value of an option of a directive (``:alt:``), which MyST reads as YAML.

    Parameters
    ----------
    text : object
        Data.

    Returns
    -------
    str
        In double quotes, so that no sign in it is one of YAML's.

    Examples
    --------
    >>> option('a "b" # c')
    '"a \\\\"b\\\\" # c"'
    """
    return json.dumps(line(text), ensure_ascii=False)


def html(text: object) -> str:
    """Return a text as HTML, for the content of an element or a quoted attribute.

    Parameters
    ----------
    text : object
        Data.

    Returns
    -------
    str
        One line without ``<``, ``>``, ``&`` and quotes of its own.

    Examples
    --------
    >>> html('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return _html.escape(line(text))


def web_address(text: object) -> str:
    """Return the address of a page of the web, percent-encoded, or nothing.

    Parameters
    ----------
    text : object
        Data: what may be an address.

    Returns
    -------
    str
        ``https`` or ``http`` with a host and no name or password in it; ``doi:`` becomes the
        address of its resolver. Empty for anything else.

    Examples
    --------
    >>> web_address("https://example.org/a b"), web_address("doi:10.1000/1")
    ('https://example.org/a%20b', 'https://doi.org/10.1000/1')
    >>> web_address("javascript:alert(1)//https://example.org"), web_address("//example.org")
    ('', '')
    """
    words = line(text)
    if re.match(r"doi:\s*10\.", words, re.IGNORECASE):
        words = "https://doi.org/" + words[4:].strip()
    try:
        parts = urlsplit(words)
        if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc.split(":")[0]):
            return ""
        _ = parts.port
    except ValueError:
        return ""
    return quote(words, safe="%/:?#@!$&'*+,;=~-._()")


def link(text: object, address: object) -> str:
    """Return Markdown that links a text to a page of the web, or the text alone.

    Parameters
    ----------
    text : object
        Data: what is shown.
    address : object
        Data: where it leads.

    Returns
    -------
    str
        A link where the address is one of the web; else text and address, both as text.

    Examples
    --------
    >>> print(link("a*", "https://example.org/_x_"))
    [a\\*](<https://example.org/_x_>)
    >>> print(link("a", "data:text/html,x"), link("a", ""), link("see there", "see there"))
    a \\(data\\:text/html,x\\) a see there
    """
    if found := web_address(address):
        target = found.replace("&", "\\&")
        return f"[{markdown(text)}](<{target}>)"
    rest, shown = told(address), told(text)
    return shown if not rest or rest == shown else f"{shown} \\({rest}\\)"


def is_formula(text: object) -> bool:
    """Say whether a spreadsheet would take a cell for a formula.

    Parameters
    ----------
    text : object
        A cell of a table; what is no string is none.

    Returns
    -------
    bool
        Whether it begins with ``=``, ``@``, ``+``, ``-``, one of their full-width forms, a tab or a
        carriage return, and is neither a plain number nor such a sign alone.

    Examples
    --------
    >>> [is_formula(cell) for cell in ("=1+1", "\\uff1d1", "@SUM(A1)", "-2+3", "\\tx")]
    [True, True, True, True, True]
    >>> [is_formula(cell) for cell in ("-2", "+4.5 %", "-1,000", "-", "a=b", -7)]
    [False, False, False, False, False, False]
    """
    if not isinstance(text, str) or not text:
        return False
    if text[0] in "\t\r\n\0":
        return True
    words = unicodedata.normalize("NFKC", text).strip().strip(DIRECTIONS + "\ufeff\u200b")
    first = words[:1].replace("\N{MINUS SIGN}", "-")
    if first not in ("=", "@", "+", "-") or len(words) == 1:
        return False
    return not NUMBER.fullmatch(words.replace("\N{MINUS SIGN}", "-"))


def csv_cell(cell: object) -> object:
    """Return a cell as a spreadsheet may read it: a text that it would compute stays a text.

    Parameters
    ----------
    cell : object
        A value of a table.

    Returns
    -------
    object
        The same value; a formula with an apostrophe before it, as spreadsheets mark text.

    Examples
    --------
    >>> csv_cell("=cmd|' /C calc'!A0"), csv_cell("-2"), csv_cell(-2.5)
    ("'=cmd|' /C calc'!A0", '-2', -2.5)
    """
    return f"'{cell}" if is_formula(cell) else cell
