"""How figures look: one look, in colours that survive colour blindness and print."""

import base64
import io
import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito (2008), reordered so that the first four also differ in lightness, and one of Tol's.
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#4D4D4D", "#882255"]
INK, MUTED, GRID = "#1A1A1A", "#5A5A5A", "#DDDDDD"
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

    without_mathematics(fig)
    buffer = io.BytesIO()
    saved = {
        name: value for name, value in SETTINGS.items() if name.startswith(("svg.", "savefig."))
    }
    with mpl.rc_context(cast(Any, saved)):  # the names are plain strings, not matplotlib's literals
        fig.savefig(buffer, format=kind, facecolor="white", metadata=metadata)
    return buffer.getvalue()


def without_mathematics(fig: "Figure") -> None:
    """Let dollars in words be dollars; what an axis writes of numbers itself stays as it is.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, before its letters are measured.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure = plt.figure()
    >>> _ = figure.text(0, 0, "$ _ $")
    >>> without_mathematics(figure)
    >>> figure.draw_without_rendering()
    """
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
