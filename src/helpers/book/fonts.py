"""The letters of the drawings as fonts of the book: those letters alone that a figure uses."""

import html
import re
import string
from pathlib import Path

from helpers.base.files import listed

TEXT = re.compile(r"<text[^>]*>([^<]*)")
FACES = {"DejaVuSans.ttf": "figures.woff", "DejaVuSans-Bold.ttf": "figures-bold.woff"}


def letters(drawings: Path) -> str:
    """Return the characters that drawings use.

    Parameters
    ----------
    drawings : Path
        A folder of SVG files; it need not exist.

    Returns
    -------
    str
        Sorted, each once, with all of ASCII, which a script writes too.

    Examples
    --------
    >>> letters(Path("no such folder")) == "".join(sorted(string.printable.strip() + " "))
    True
    """
    found = set(string.printable.strip() + " ")
    for path in listed(drawings, "*.svg") if drawings.is_dir() else ():
        for text in TEXT.findall(path.read_text(encoding="utf-8")):
            found |= set(html.unescape(text))
    return "".join(sorted(found - set("\n\t")))


def write_fonts(drawings: Path, target: Path) -> None:
    """Write the fonts of the drawings.

    Parameters
    ----------
    drawings : Path
        A folder of SVG files.
    target : Path
        The folder that gets the fonts, in WOFF; the same letters give the same bytes.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    used = letters(drawings)
    target.mkdir(exist_ok=True)
    for face, name in FACES.items():
        font = TTFont(Path(get_data_path(), "fonts", "ttf", face), recalcTimestamp=False)
        options = Options(hinting=False, layout_features=["kern"], name_IDs=[0, 1, 2])
        options.drop_tables += ["FFTM"]  # when an editor of fonts saved it
        cut = Subsetter(options)
        cut.populate(text=used)
        cut.subset(font)
        font.flavor = "woff"
        font.save(target / name)
