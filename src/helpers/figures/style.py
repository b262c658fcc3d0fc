"""How figures and tables look: one look for all, colours that survive colour blindness and print."""

import base64
import io
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito (2008), reordered so that the first four also differ in lightness, and one of Paul Tol's.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#4D4D4D", "#882255"]
INK, MUTED, GRID = "#1A1A1A", "#5A5A5A", "#DDDDDD"
SETTINGS = {
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
    "svg.fonttype": "path",
    "figure.constrained_layout.use": True,
}


def use_style() -> None:
    """Set the look of every figure drawn after this call."""
    import matplotlib as mpl
    import seaborn as sns

    mpl.use("agg")
    sns.set_theme(style="ticks", palette=PALETTE, rc=SETTINGS)


def _rendered(fig: "Figure", kind: str, metadata: dict[str, None]) -> bytes:
    import matplotlib as mpl

    buffer = io.BytesIO()
    with mpl.rc_context(
        {name: value for name, value in SETTINGS.items() if name.startswith(("svg.", "savefig."))}
    ):
        fig.savefig(buffer, format=kind, facecolor="white", metadata=metadata)
    return buffer.getvalue()


def svg(fig: "Figure") -> str:
    """Return ``fig`` as SVG text without a date and random ids, so that the same figure gives the same bytes."""
    return _rendered(fig, "svg", {"Date": None}).decode("utf-8")


def png(fig: "Figure") -> str:
    """Return ``fig`` as base64 PNG and close it."""
    import matplotlib.pyplot as plt

    data = _rendered(fig, "png", {"Software": None})
    plt.close(fig)
    return base64.b64encode(data).decode("ascii")


escaped = partial(escape, quote=False)


def _cell(value, form: str) -> str:
    if pd.isna(value):
        return "–"
    if form:
        return form.format(value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _heading(name: str) -> str:
    return name.replace("_pct", ", %").replace("_", " ")


def _linked(text: str, label: str) -> str:
    return f'<a href="#{label}">{text}</a>' if label else text


def html_table(
    frame: pd.DataFrame,
    caption: str,
    formats: dict[str, str],
    links: dict[str, list[str]] | None = None,
) -> str:
    """Return ``frame`` as an HTML table with a caption; numbers are aligned to the right.

    ``formats`` maps a column to a format such as ``"{:,.0f}"``; missing values show as a dash. ``links`` maps a
    column to one label a row, which helpers.book.tables turns into an address. Classes
    right-N and short-N name the columns that the style sheet aligns to the right or keeps on one line.
    """
    numeric = {
        name
        for name in frame
        if pd.api.types.is_numeric_dtype(frame[name])
        and not pd.api.types.is_bool_dtype(frame[name])
    }
    shown = pd.DataFrame(
        {
            _heading(name): [
                _cell(value, formats.get(name, "")) for value in frame[name].astype("object")
            ]
            for name in frame
        },
        index=frame.index,
        dtype="object",
    )
    cells = shown.rename(columns=escaped).map(escaped)
    for name, labels in (links or {}).items():
        column = escaped(_heading(name))
        cells[column] = [_linked(*pair) for pair in zip(cells[column], labels, strict=True)]
    with pd.option_context("display.max_colwidth", None):
        lines = cells.to_html(
            index=False, border=0, classes="compendium", justify="left", escape=False
        ).split("\n")
    places = [position for position, name in enumerate(frame, start=1) if name in numeric]
    short = [
        position
        for position, name in enumerate(shown, start=1)
        if shown[name].str.len().max() <= 16
    ]
    classes = [
        "compendium",
        *(f"right-{place}" for place in places),
        *(f"short-{place}" for place in short),
    ]
    lines[0] = lines[0].replace("compendium", " ".join(classes))
    return "\n".join([lines[0], f"<caption>{caption}</caption>", *lines[1:]])
