"""A Sphinx extension that gives all pages one script and one style sheet, of what they use.

Extensions and theme bring two dozen files and a script of icons that is larger than all the rest.
What every page loads is joined in its order; what acts on things that no page has, and rules that
match nothing (:mod:`helpers.book.sheet`), go; and so do files that nothing names any more.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helpers.base.files import everything, listed
from helpers.book import sheet

STATIC = "_static"
SCRIPT, SHEET = f"{STATIC}/book.js", f"{STATIC}/book.css"
# A script, and what a page must have for it to do anything; the empty pattern stands on no page.
ACTS_ON = {
    "fontawesome": "(?!)",  # icons.css draws the few icons there are
    "bootstrap": r'data-bs-toggle="(?!tooltip)',
    "togglebutton": r'class="[^"]*(?<![\w-])(?:toggle|dropdown)(?![\w-])',
    "design-tabs": r'class="[^"]*(?<![\w-])sd-tab-set(?![\w-])',
}
# These are for the page of the search alone, where the book's own comes before the index that asks.
SEARCH = ("searchtools", "language_data", "search", "searchindex")
SEARCH_PLACE = 'id="search-results"'
FILE = re.compile(r'<script\b[^>]*?\bsrc="([^"?#]+)[^"]*"[^>]*></script>\n?')
STYLE = re.compile(r'<link\b(?=[^>]*\brel="stylesheet")[^>]*?\bhref="([^"?#]+)[^"]*"[^>]*>\n?')
PRELOAD = re.compile(r'<link rel="preload" as="script"[^>]*>\n?')
INLINE = re.compile(r"<script>((?:(?!</script>).)*)</script>\n?", re.DOTALL)
PAGENAME = "DOCUMENTATION_OPTIONS.pagename"
TOOLTIP = re.compile(r'\s+data-bs-(?:toggle="tooltip"|placement="\w+"|title="[^"]*")')
OF_CODE = re.compile(r'<span class="pre">([^<]*)</span>')
ICON = re.compile(r'(<(?:i|span) class="[^"]*?)\b(?:fa-solid|fa[srb]) fa-([\w-]+)(\s+fa-lg)?')
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
CHARSET = '<meta charset="utf-8" />'
WORD = re.compile(r"(?:--)?[A-Za-z_][\w-]*")
ADDRESS = re.compile(r"""url\((["']?)(?!data:|#)([^"')]+)\1\)""")
MAP = re.compile(r"(?://|/\*)# sourceMappingURL=\S+(?: ?\*/)?\s*")


def plain(page: str) -> str:
    """Return a page with icons of the book's own, without tips that need a library.

    Marks that change no look go too: each word of code has one.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        Its titles say what the tips would.

    Examples
    --------
    >>> plain('<b title="Search" data-bs-toggle="tooltip"><i class="fa-solid fa-list fa-lg"></i>')
    '<b title="Search"><i class="glyph glyph-list"></i>'
    """
    return OF_CODE.sub(r"\1", ICON.sub(r"\1glyph glyph-\2", TOOLTIP.sub("", page)))


def _own(page: str, address: str) -> str:
    """Return what an address of a page means, relative to the book; what is elsewhere is empty."""
    parts: list[str] = page.split("/")[:-1]
    for part in address.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def shared(pages: Mapping[str, str], pattern: re.Pattern[str]) -> list[str]:
    """Return the files that every page loads, in their order.

    Parameters
    ----------
    pages : mapping of str to str
        Address relative to the book, to HTML.
    pattern : re.Pattern
        Its first group is the address of a file.

    Returns
    -------
    list of str
        Addresses relative to the book, each once.

    Examples
    --------
    >>> one, two = '<script src="a.js"></script>', '<script src="../a.js"></script>'
    >>> shared({"index.html": one, "part/two.html": two + '<script src="b.js"></script>'}, FILE)
    ['a.js']
    """
    found = [
        dict.fromkeys(_own(name, one) for one in pattern.findall(page))
        for name, page in pages.items()
    ]
    return [one for one in found[0] if all(one in other for other in found)] if found else []


def joined(files: Iterable[str], root: Path, separator: str) -> str:
    """Return files as one; addresses in style sheets then stand from ``_static``.

    Parameters
    ----------
    files : iterable of str
        Addresses relative to the book.
    root : Path
        The book.
    separator : str
        Between two files.

    Returns
    -------
    str
        Without links to maps of their sources.
    """
    parts = []
    for name in files:
        text = MAP.sub("", (root / name).read_text(encoding="utf-8")).strip()

        def moved(found: re.Match[str], name: str = name) -> str:
            address = _own(name, found[2]).removeprefix(f"{STATIC}/")
            return f"url({found[1]}{address}{found[1]})"

        if name.endswith(".css"):
            text = ADDRESS.sub(moved, text)
            imported = [_own(name, one) for one in re.findall(r'@import "([^"]+)"', text)]
            text = "\n".join([*([joined(imported, root, "\n")] if imported else []), text])
        parts.append(text)
    return separator.join(parts)


def _stem(name: str) -> str:
    return Path(name).name.partition(".")[0]


def _pages(root: Path) -> dict[str, Path]:
    """Return the pages of a book; templates of the theme lie among the static files."""
    found = {path.relative_to(root).as_posix(): path for path in listed(root, "*.html", deep=True)}
    return {name: path for name, path in found.items() if not name.startswith(f"{STATIC}/")}


def _common_words(pages: Mapping[str, str]) -> list[str]:
    """Return the plain scripts in the heads of all pages, each once."""
    heads = [set(INLINE.findall(page.partition("</head>")[0])) for page in pages.values()]
    common = set.intersection(*heads) if heads else set()
    first = next(iter(pages.values()), "")
    return [one for one in dict.fromkeys(INLINE.findall(first)) if one in common]


def _script(files: list[str], pages: Mapping[str, str], root: Path) -> str:
    """Return the one script; what stands in heads sets options that the first file declares."""
    wanted = [
        one
        for one in files
        if any(re.search(ACTS_ON.get(_stem(one), ""), page) for page in pages.values())
    ]
    parts = [joined([one], root, "") for one in wanted]
    return ";\n".join([*parts[:1], *_common_words(pages), *parts[1:]]) + "\n"


def _sheet(files: list[str], pages: Mapping[str, str], root: Path, script: str) -> str:
    """Return the one style sheet."""
    given = (
        name for page in pages.values() for found in NAMES.findall(page) for name in found.split()
    )
    # A drawing brings its own rules and asks for the colours of the sheet by their names.
    inside = (name for page in pages.values() for name in sheet.ASKED.findall(page))
    names = {
        name for name in (*given, *inside, *WORD.findall(script)) if not name.startswith("fa-")
    }
    return sheet.asked(sheet.used(joined(files, root, "\n"), names), names) + "\n"


def _address(page: str, name: str, text: str) -> str:
    """Return the address of a file from a page, which changes with what the file says."""
    return f"{'../' * page.count('/')}{name}?v={hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _without(page: str, name: str, gone: set[str]) -> str:
    """Return a page without the tags of files."""

    def left(found: re.Match[str]) -> str:
        return "" if _own(name, found[1]) in gone else found[0]

    return PRELOAD.sub("", STYLE.sub(left, FILE.sub(left, page)))


def _for_search(page: str) -> str:
    """Return the tags of what only the page of the search loads; of other pages none."""
    if SEARCH_PLACE not in page:
        return ""
    found = {_stem(one[1]): one[0] for one in FILE.finditer(page)}
    tags = [found[one].replace("<script", "<script defer", 1) for one in SEARCH if one in found]
    return "".join(f"{one.strip()}\n" for one in tags)


def _drop_unnamed(root: Path) -> None:
    """Remove the static files that nothing names which a page loads."""
    files = {
        path.relative_to(root / STATIC).as_posix(): path
        for path in everything(root / STATIC, deep=True)
        if path.is_file()
    }
    reading = [*_pages(root).values(), *listed(root, "*.js")]
    kept: set[str] = set()
    while reading:
        texts = [path.read_text(encoding="utf-8") for path in reading]
        named = {name for name in files if any(name in text for text in texts)} - kept
        kept |= named
        reading = [files[name] for name in named if name.endswith((".js", ".css"))]
    for name in files.keys() - kept:
        files[name].unlink()
    for folder in sorted(everything(root / STATIC, deep=True), reverse=True):
        if folder.is_dir() and not everything(folder):
            folder.rmdir()


def join(root: Path) -> None:
    """Give the pages of a built book one script and one style sheet.

    Parameters
    ----------
    root : Path
        Its folder; pages are rewritten, and static files that nothing names are removed.

    Raises
    ------
    FileNotFoundError
        When every page names a file that is not there.
    """
    paths = _pages(root)
    pages = {name: plain(path.read_text(encoding="utf-8")) for name, path in paths.items()}
    every = shared(pages, FILE)
    scripts = [one for one in every if _stem(one) not in SEARCH]
    styles = shared(pages, STYLE)
    words = _common_words(pages)
    script = _script(scripts, pages, root)
    css = _sheet(styles, pages, root, script)
    (root / SCRIPT).write_text(script, encoding="utf-8")
    (root / SHEET).write_text(css, encoding="utf-8")
    for name, page in pages.items():
        head, end, rest = _without(page, name, {*every, *styles}).partition("</head>")
        head = INLINE.sub(
            lambda found: "" if found[1] in words or PAGENAME in found[1] else found[0], head
        )
        before, charset, after = head.partition(CHARSET)
        style = f'<link rel="stylesheet" href="{_address(name, SHEET, css)}">\n'
        # At the end, so that on a slow line the script does not take the room of the style sheet,
        # before which nothing is drawn.
        own = f'<script defer src="{_address(name, SCRIPT, script)}"></script>\n'
        body, close, last = rest.rpartition("</body>")
        text = f"{before}{charset}\n{style}{after}{end}{body}{own}{_for_search(page)}{close}{last}"
        paths[name].write_text(text, encoding="utf-8")
    _drop_unnamed(root)


def _finish(app: Any, failed: Exception | None) -> None:
    # All pages as one are for print, which takes the style sheets that it wants by their names.
    if failed is None and app.builder.name == "html":
        join(Path(app.outdir))


def setup(app: Any) -> dict[str, Any]:
    """Join the files when all pages are written.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; one that makes no pages of their own is left alone.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("build-finished", _finish, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
