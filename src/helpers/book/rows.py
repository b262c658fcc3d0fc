"""Pages with the rows of raw tables, each with an anchor and the address that it names.

A table gets them that may be passed on and is small, or whose rows name their own addresses; such a
long one goes over several pages. Of the others the data page offers the file, and names the key by
which a row is found in it.
"""

import csv
import re
from pathlib import Path

from helpers.base import markup
from helpers.book.shelf import label
from helpers.raw.sidecar import Sidecar, publishable

CHAPTER = "rows"
SMALL = 400  # rows of a table, and of a page
FEW = 4  # columns that stand beside one another; more are laid out as cards
INTRO = """# Rows of the raw tables

The rows of those tables that are small, or whose rows each name an address, as they stand in \
`data/raw`. A row has an anchor by its number in the file, such as `#row-article-1`.
"""


def has_pages(table: Path, sidecar: Sidecar) -> bool:
    """Say whether the rows of a raw table stand in the book.

    Parameters
    ----------
    table : Path
        A raw table.
    sidecar : Sidecar
        Its description.

    Returns
    -------
    bool
    """
    addressed = any(column.type == "url" for column in sidecar.columns.values())
    return (
        table.suffix == ".csv" and publishable(sidecar) and (addressed or 0 < sidecar.rows <= SMALL)
    )


def page_names(table: Path, sidecar: Sidecar) -> list[str]:
    """Return the names of the pages that a table's rows have.

    Parameters
    ----------
    table : Path
        A raw table.
    sidecar : Sidecar
        Its description.

    Returns
    -------
    list of str
        In order; none where it has no pages.
    """
    if not has_pages(table, sidecar):
        return []
    name = f"{CHAPTER}/{re.sub(r'[^A-Za-z0-9]+', '-', table.stem)}"
    count = -(-sidecar.rows // SMALL)
    return [name] if count < 2 else [f"{name}-{number}" for number in range(1, count + 1)]


def pages(tables: dict[Path, Sidecar]) -> dict[str, str]:
    """Return the pages with rows.

    Parameters
    ----------
    tables : dict of Path to Sidecar
        Raw tables with their descriptions.

    Returns
    -------
    dict of str to str
        Name of a file to its text, first the page of the chapter: pages, and for each the table
        that it shows; empty where no table has pages.
    """
    found: dict[str, str] = {}
    for table, sidecar in tables.items():
        if names := page_names(table, sidecar):
            with table.open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            size = -(-len(rows) // len(names))
            for first, name in zip(range(0, len(rows), size), names):
                part = rows[first : first + size]
                found |= _page(name, table, sidecar, header, part, first + 1, len(names) > 1)
    return {f"{CHAPTER}.md": INTRO, **found} if found else {}


def _page(
    name: str,
    table: Path,
    sidecar: Sidecar,
    header: list[str],
    rows: list[list[str]],
    first: int,
    parted: bool,
) -> dict[str, str]:
    which = f", rows {first:,} to {first + len(rows) - 1:,}" if parted else ""
    kinds = [sidecar.columns[one].type for one in header]
    right = [kind in ("integer", "number") for kind in kinds]
    heads = "".join(f'<th scope="col">{markup.html_told(one)}</th>' for one in ("row", *header))
    lines = []
    for number, row in enumerate(rows, start=first):
        cells = "".join(
            f'<td data-label="{markup.html(column)}"{_class(cell, is_right)}>{_cell(cell)}</td>'
            for column, cell, is_right in zip(header, row, right, strict=True)
        )
        anchor = f"row-{markup.html(table.stem)}-{number}"
        lines.append(
            f'<tr id="{anchor}"><th scope="row"><a href="#{anchor}">{number}</a></th>{cells}</tr>'
        )
    layout = "cards" if len(header) <= FEW else "cards always"
    html = [
        f'<table class="compendium {layout} rows">',
        f"<thead><tr>{heads}</tr></thead>",
        "<tbody>",
        *lines,
        "</tbody></table>",
        "",
    ]
    by = markup.link(sidecar.producer, sidecar.url) if "://" in sidecar.url else ""
    by = by or markup.markdown(sidecar.producer)
    addressed = ", each with the address at which it was read" if "url" in kinds else f", by {by}"
    page = [
        "---",
        "nosearch: true",
        "---",
        f"# {markup.markdown(table.stem)}{which}",
        "",
        f"Rows of [{markup.markdown(table.name)}](#{label(table.stem)}){addressed}.",
        "",
        f"```{{table-file}} {name.rpartition('/')[2]}.html",
        f":label: {markup.option(f'Rows of {table.name}')}",
        "```",
        "",
    ]
    return {f"{name}.md": "\n".join(page), f"{name}.html": "\n".join(html)}


def _class(cell: str, right: bool) -> str:
    kinds = [*(["right"] if right else []), *(["short"] if len(cell) <= 16 else [])]
    kinds += [] if cell else ["empty"]
    return f' class="{" ".join(kinds)}"' if kinds else ""


def _cell(cell: str) -> str:
    """Return a cell as HTML; addresses, parted by bars, are links that show where they lead."""
    found = [markup.web_address(one) for one in cell.split(" | ")] if "://" in cell else []
    if found and all(found):
        return " | ".join(f'<a href="{markup.html(one)}">{markup.html(one)}</a>' for one in found)
    return markup.html_told(cell) or "–"
