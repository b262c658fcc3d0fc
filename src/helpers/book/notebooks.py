"""Turn an executed notebook into a page: figures and tables become numbered, linked and downloadable."""

import json
from pathlib import Path
from typing import Any


def as_page(notebook: dict[str, Any], processed: Path, commit: str) -> dict[str, Any]:
    """Return a copy of ``notebook`` whose shown figures and tables are MyST cells after the code that drew them.

    Neighbouring code cells become one folded block; a block that drew something gets a target, so that a figure can link to it.
    """
    cells: list[dict[str, Any]] = []
    for cell in joined(notebook["cells"]):
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        shown = [output["metadata"]["compendium"] for output in cell["outputs"] if "compendium" in output.get("metadata", {})]
        rest = [output for output in cell["outputs"] if "compendium" not in output.get("metadata", {})]
        names = [name for one in shown for name in one.values()]
        cells += [_markdown(f"target-{name}", f"(source-{name})=\n") for name in names[:1]]
        cells.append({**cell, "outputs": rest, "metadata": _folded(cell["metadata"])})
        cells += [_shown(kind, name, processed, commit, names[0]) for one in shown for kind, name in one.items()]
    return {**notebook, "cells": cells}


def joined(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return cells in which code that shows nothing is joined to the code after it: one fold, not three."""
    result: list[dict[str, Any]] = []
    for cell in cells:
        before = result[-1] if result else None
        if before and cell["cell_type"] == before["cell_type"] == "code" and not before["outputs"]:
            source = "".join(before["source"]) + "\n\n" + "".join(cell["source"])
            result[-1] = {**cell, "source": source}
        else:
            result.append(cell)
    return result


def _folded(metadata: dict[str, Any]) -> dict[str, Any]:
    tags = metadata.get("tags", [])
    return {**metadata, "tags": [*tags, *({"hide-input"} - set(tags))]}


def _markdown(identity: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": identity, "metadata": {}, "source": text}


def _shown(kind: str, name: str, processed: Path, commit: str, target: str) -> dict[str, Any]:
    about = json.loads((processed / f"{kind}s" / f"{name}.json").read_text(encoding="utf-8"))
    links = f"[data (CSV)](../{kind}s/{name}.csv) · [source cell](#source-{target})"
    text = (_figure if kind == "figure" else _table)(name, about, links, commit, processed)
    return _markdown(f"shown-{name}", text)


def _figure(name: str, about: dict[str, str], links: str, commit: str, processed: Path) -> str:
    alt = " ".join(about["alt"].split())
    return (f"```{{figure}} ../figures/{name}.svg\n:name: {name}\n:alt: {alt}\n:width: 100%\n\n"
            f"{about['caption']} {links} · commit {commit}\n```\n")


def _table(name: str, about: dict[str, str], links: str, commit: str, processed: Path) -> str:
    html = (processed / "tables" / f"{name}.html").read_text(encoding="utf-8")
    # The caption stands above in Markdown, where numbers can be bound; the table keeps it as its label.
    html = "".join(line for line in html.splitlines(keepends=True) if not line.startswith("<caption>"))
    label = about["caption"].replace('"', "'").split("{num}")[0].strip().rstrip(":;,")
    return (f"({name})=\n\n**Table.** {about['caption']} {links}\n\n```{{raw}} html\n"
            f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n{html}\n</div>\n```\n')
