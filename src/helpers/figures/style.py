"""How figures and tables look: one look, in colours that survive colour blindness and print."""

import base64
import io
import re
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from helpers.base.markup import html as escaped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito (2008), reordered so that the first four also differ in lightness, and one of Tol's.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#4D4D4D", "#882255"]
INK, MUTED, GRID = "#1A1A1A", "#5A5A5A", "#DDDDDD"
SHORT = 16  # characters; a column of no longer cells stays on one line
PLACES = re.compile(r' (?:d|x|y|width|height)="[^"]*"')  # the attributes of an SVG that are places
DECIMALS = re.compile(r"-?\d+\.\d{3,}")  # two are a hundredth of a point
SETTINGS: dict[str, Any] = {
    "figure.figsize": (7.2, 3.8),
    "figure.dpi": 110,
    "savefig.dpi": 144,
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.grid": True,
    "axes.formatter.use_locale": False,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "svg.hashsalt": "compendium",
    "svg.fonttype": "none",
    "figure.constrained_layout.use": True,
}


def use_style() -> None:
    """Set the look of every figure drawn after this call.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> use_style()
    >>> mpl.rcParams["axes.spines.top"], mpl.get_backend()
    (False, 'agg')
    """
    import matplotlib as mpl
    import seaborn as sns

    mpl.use("agg")
    sns.set_theme(style="ticks", palette=PALETTE, rc=SETTINGS)


def _rendered(fig: "Figure", kind: str, metadata: dict[str, Any]) -> bytes:
    import matplotlib as mpl

    _without_mathematics(fig)
    buffer = io.BytesIO()
    saved = {
        name: value for name, value in SETTINGS.items() if name.startswith(("svg.", "savefig."))
    }
    with mpl.rc_context(cast(Any, saved)):  # the names are plain strings, not matplotlib's literals
        fig.savefig(buffer, format=kind, facecolor="white", metadata=metadata)
    return buffer.getvalue()


def _without_mathematics(fig: "Figure") -> None:
    """Let dollars in words be dollars; what an axis writes of numbers itself stays as it is."""
    from matplotlib.text import Text
    from matplotlib.ticker import LogFormatter

    of_numbers: set[Text] = set()
    for axes in fig.axes:
        for axis in axes._axis_map.values():
            for ticks, formatter in (
                (axis.get_major_ticks(), axis.get_major_formatter()),
                (axis.get_minor_ticks(), axis.get_minor_formatter()),
            ):
                if isinstance(formatter, LogFormatter):
                    of_numbers |= {label for one in ticks for label in (one.label1, one.label2)}
    for text in fig.findobj(Text):
        if text not in of_numbers:
            text.set_parse_math(False)


def svg(fig: "Figure") -> str:
    """Draw a figure as SVG text without a date and without random ids.

    So the same figure gives the same bytes in every run.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; it stays open.

    Returns
    -------
    str
        The SVG document.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, _ = plt.subplots()
    >>> svg(figure) == svg(figure), "<dc:date>" in svg(figure)
    (True, False)
    """
    drawn = _rendered(fig, "svg", {"Date": None}).decode("utf-8")
    return PLACES.sub(lambda found: DECIMALS.sub(_rounded, found[0]), drawn)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def png(fig: "Figure") -> str:
    """Draw a figure as PNG and close it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; it is closed, so that a notebook does not show it twice.

    Returns
    -------
    str
        The PNG file in base64, as notebooks hold pictures.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> base64.b64decode(png(plt.figure()))[1:4]
    b'PNG'
    """
    import matplotlib.pyplot as plt

    data = _rendered(fig, "png", {"Software": None})
    plt.close(fig)
    return base64.b64encode(data).decode("ascii")


def _usual_format(column: pd.Series) -> str:
    """Return the format of a column without one: years are names, whole numbers are whole."""
    integer = pd.api.types.is_integer_dtype(column)
    if integer and str(column.name).endswith("year"):
        return "{:d}"
    whole = pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all()
    return "{:,.0f}" if whole else ""


def _cell(value: Any, form: str) -> str:
    if pd.isna(value):
        return "–"
    if form:
        return form.format(value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _heading(name: str) -> str:
    return name.replace("_pct", ", %").replace("_", " ")


def _folded(text: str, fold: int | None) -> str:
    """Return a text as HTML, its end folded where it is longer than ``fold`` letters."""
    shown = text if fold is None or len(text) <= fold else text[: fold + 1].rpartition(" ")[0]
    if not shown or len(shown) == len(text):
        return escaped(text)
    rest = escaped(text[len(shown) :].lstrip())
    return f"<details><summary>{escaped(shown)} …</summary>{rest}</details>"


def _linked(text: str, label: str) -> str:
    return f'<a href="#{escaped(label)}">{text}</a>' if label else text


def _classes(frame: pd.DataFrame, shown: pd.DataFrame) -> str:
    """Return the classes by which the style sheet aligns columns or keeps them on one line."""
    names = ["compendium"]
    for place, (name, heading) in enumerate(zip(frame, shown), start=1):
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        if numeric and not pd.api.types.is_bool_dtype(frame[name]):
            names.append(f"right-{place}")
        if shown[heading].str.len().max() <= SHORT:
            names.append(f"short-{place}")
    return " ".join(names)


def html_table(
    frame: pd.DataFrame,
    caption: str,
    formats: dict[str, str],
    links: dict[str, list[str]] | None = None,
    fold: int | None = None,
) -> str:
    """Write a table as HTML with a caption, numbers aligned to the right.

    Underscores in names of columns become spaces, and ``_pct`` becomes a percent sign.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The table; its index is not shown, missing values show as a dash.
    caption : str
        The caption, as text.
    formats : dict of str to str
        Column to a format such as ``"{:,.0f}"``. Without one, whole numbers get separators of
        thousands, except integers in a column whose name ends in ``year``.
    links : dict of str to list of str, optional
        Column to one label a row, or ``""``, that :mod:`helpers.book.tables` turns into an address.
    fold : int, optional
        Of a text that is longer, so many letters are shown, to the end of a word, and the rest on
        demand.

    Returns
    -------
    str
        A ``<table>``; its classes ``right-N`` and ``short-N`` name columns by place, from one.

    Examples
    --------
    >>> table = html_table(pd.DataFrame({"year": [2024], "deaths": [1234.0]}), "Deaths.", {})
    >>> "<td>2024</td>" in table, "<td>1,234</td>" in table, table.split("\\n")[1]
    (True, True, '<caption>Deaths.</caption>')
    """
    shown = pd.DataFrame(
        {
            _heading(name): [
                _cell(value, formats.get(name) or _usual_format(frame[name]))
                for value in frame[name].astype("object")
            ]
            for name in frame
        },
        index=frame.index,
        dtype="object",
    )
    cells = shown.rename(columns=escaped).map(lambda text: _folded(text, fold))
    for name, labels in (links or {}).items():
        column = escaped(_heading(name))
        cells[column] = [_linked(*pair) for pair in zip(cells[column], labels, strict=True)]
    with pd.option_context("display.max_colwidth", None):
        html = cells.to_html(
            index=False, border=0, classes="compendium", justify="left", escape=False
        )
    first, rest = html.split("\n", 1)
    first = first.replace("compendium", _classes(frame, shown))
    return f"{first}\n<caption>{escaped(caption)}</caption>\n{rest}"
