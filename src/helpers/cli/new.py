"""``make new NAME=my-question``: a notebook from the template, in the graph and in the book, ready to run."""

import argparse
import re
import sys
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError, one_sentence
from helpers.base.files import write_text
from helpers.run.table import read_stages

TEMPLATE = Path(__file__).resolve().parent / "templates" / "notebook.ipynb"
NAME = re.compile(r"[a-z]+[a-z0-9]*(-[a-z0-9]+)*")
CHAPTER = re.compile(r"^(?P<indent> *- )file: notebooks/\S+\n?$")
READS = ["ucdp_month"]  # what the template reads


def checked(name: str) -> str:
    """Return the stage's name, ``NN-name`` with the next free number; :class:`InputError` for a bad or taken name."""
    if not NAME.fullmatch(name):
        raise InputError(
            f"'{name}' cannot be a name: expected lower-case words joined by hyphens, such as border-closure"
        )
    written = [path.stem for path in paths.NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")]
    taken = [entry.name for entry in read_stages().stage] + written
    for other in taken:
        if other[3:] == name:
            raise InputError(
                f"the name '{name}' is taken by notebooks/{other}.ipynb; choose another"
            )
    number = max((int(other[:2]) for other in taken), default=0) + 1
    if number > 99:
        raise InputError("there are 99 notebooks already; numbers have two digits")
    return f"{number:02d}-{name}"


def filled(template: str, stage: str) -> str:
    """Return the template's text with the names of ``stage`` in place of its own."""
    slug = stage[3:]
    names = {
        "STAGE": stage,
        "TITLE": slug.replace("-", " ").capitalize(),
        "KEY": slug.replace("-", "_"),
        "SLUG": slug,
    }
    return re.sub(r"\b(STAGE|TITLE|KEY|SLUG)\b", lambda found: names[found[0]], template)


def with_chapter(toc: str, stage: str) -> str:
    """Return the table of contents with one more chapter, after the first run of notebooks."""
    lines = toc.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if CHAPTER.match(line)]
    if not places:
        raise InputError(
            "book/_toc.yml lists no notebook; add a line '- file: notebooks/NAME' where the new one belongs"
        )
    last = next(place for place in places if place + 1 not in places)
    indent = CHAPTER.match(lines[last])["indent"]
    return "".join(
        [
            *lines[:last],
            lines[last].rstrip("\n") + "\n",
            f"{indent}file: notebooks/{stage}\n",
            *lines[last + 1 :],
        ]
    )


@one_sentence
def main(arguments: list[str] | None = None) -> int:
    """Make a new notebook with one stage entry and one line in the book's contents."""
    parser = argparse.ArgumentParser(prog="python -m helpers.cli.new", description=main.__doc__)
    parser.add_argument("name", help="lower-case words joined by hyphens, such as border-closure")
    stage = checked(parser.parse_args(arguments).name)
    toc = paths.BOOK / "_toc.yml"
    contents = with_chapter(
        toc.read_text(encoding="utf-8"), stage
    )  # refused before anything is written
    reads = ", ".join(f'"{name}"' for name in READS)
    entry = f'\n[[stage]]\nname = "{stage}"\nreads = [{reads}]\nwrites = []\n'
    write_text(
        paths.NOTEBOOKS / f"{stage}.ipynb", filled(TEMPLATE.read_text(encoding="utf-8"), stage)
    )
    write_text(paths.STAGES, paths.STAGES.read_text(encoding="utf-8").rstrip("\n") + "\n" + entry)
    write_text(toc, contents)
    print(
        f"made notebooks/{stage}.ipynb, its entry in notebooks/stages.toml and its line in book/_toc.yml; now make report"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
