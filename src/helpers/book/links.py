"""A Sphinx extension: a page's links to its source and to Binder lead to the file it was made of.

The theme takes the folder of the builder for that of the project. Pages stand in ``book/``,
notebooks in ``notebooks/``, and a page that was computed has no source at all; ``written.json``
beside the pages tells which is which (:mod:`helpers.book.assemble`).
"""

from pathlib import Path
from typing import Any

from helpers.base.reading import read_json

FILE = "written.json"
OF_A_FILE = {"source-edit-button", "source-file-button"}
LAUNCHED = "work/"  # in an image the working copies, whose prose shows numbers (.binder/postBuild)


def led(buttons: list[dict[str, Any]], page: str, source: str) -> list[dict[str, Any]]:
    """Return the buttons of a page, with links that lead to its source.

    Parameters
    ----------
    buttons : list of dict
        As the theme makes them; a group has ``buttons`` of its own.
    page : str
        The page, without an ending.
    source : str
        Its file in the project; empty where it was computed, and then has no such link.

    Returns
    -------
    list of dict
        A group that would be empty is left out.

    Examples
    --------
    >>> edit = {"label": "source-edit-button", "url": "https://x.org/a/edit/main/index.md"}
    >>> [one["url"] for one in led([edit], "index", "book/index.md")]
    ['https://x.org/a/edit/main/book/index.md']
    >>> led([{"buttons": [edit]}], "index", "")
    []
    """
    found = []
    for button in buttons:
        if "buttons" in button:
            if inner := led(button["buttons"], page, source):
                found.append(button | {"buttons": inner})
        elif button.get("label") in OF_A_FILE:
            if source:
                wrong = page + Path(source).suffix
                found.append(button | {"url": button["url"].replace(wrong, source, 1)})
        elif "urlpath=" in button.get("url", ""):
            if source.endswith(".ipynb"):
                before = button["url"].partition("urlpath=")[0]
                to = f"urlpath=lab/tree/{LAUNCHED}{Path(source).name}"
                found.append(button | {"url": before + to})
        else:
            found.append(button)
    return found


def _lead(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if app.compendium_written and "header_buttons" in context:
        source = app.compendium_written.get(page, "")
        context["header_buttons"] = led(context["header_buttons"], page, source)


def setup(app: Any) -> dict[str, Any]:
    """Correct the buttons when the theme has made them.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; where the project has no public address, there is nothing to correct.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    file = Path(app.srcdir) / FILE
    app.compendium_written = read_json(file) if file.exists() else {}
    app.connect("html-page-context", _lead, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
