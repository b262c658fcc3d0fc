"""The picture that stands beside a link to the book: its title, and a bar of its verdicts."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1200, 630  # pixels, the shape that sites ask for
VERDICT = re.compile(r"(?:country\.)?claims\.[^.]+\.verdict")
COLOURS = {  # of Okabe and Ito; what stays open is grey
    "Supported": "#009e73",
    "Partly": "#56b4e9",
    "Not supported": "#e69f00",
    "Contradicted": "#d55e00",
}
OPEN = ("#767676", "#949494", "#b0b0b0", "#cccccc")
INK, MUTED, PAPER = "#1f2933", "#52606d", "#ffffff"


def verdicts(results: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Return how many claims have each verdict.

    Parameters
    ----------
    results : mapping of str to mapping
        What the run recorded.

    Returns
    -------
    dict of str to int
        Those that decide first, then the others by their number; empty where no claim was asked.

    Examples
    --------
    >>> found = {"claims.a.verdict": {"value": "Too few"}, "claims.b.verdict": {"value": "Partly"}}
    >>> verdicts(found)
    {'Partly': 1, 'Too few': 1}
    """
    counts = Counter(str(one["value"]) for key, one in results.items() if VERDICT.fullmatch(key))
    others = sorted(set(counts) - set(COLOURS), key=lambda name: (-counts[name], name))
    return {name: counts[name] for name in (*COLOURS, *others) if counts[name]}


def figures(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a line of figures for a book that has no verdicts.

    Parameters
    ----------
    results : mapping of str to mapping
        What the run recorded.

    Returns
    -------
    str
        Deaths, events and years of a country; empty where they are not recorded.

    Examples
    --------
    >>> told = {"deaths_total": 1200, "events_total": 80, "first_month": "1989-01"}
    >>> told |= {"last_final": "2025-12"}
    >>> figures({f"country.{name}": {"value": one} for name, one in told.items()})
    '1,200 deaths in 80 events, 1989 to 2025'
    """
    names = ("deaths_total", "events_total", "first_month", "last_final")
    found = [one["value"] for name in names if (one := results.get(f"country.{name}"))]
    if len(found) < len(names):
        return ""
    deaths, events, first, last = found
    return f"{deaths:,} deaths in {events:,} events, {first[:4]} to {last[:4]}"


def write(title: str, results: Mapping[str, Mapping[str, Any]], target: Path) -> None:
    """Draw the picture; the same title and results give the same bytes.

    Parameters
    ----------
    title : str
        The title of the book.
    results : mapping of str to mapping
        What the run recorded.
    target : Path
        The PNG.
    """
    import textwrap

    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.axis("off")
    plain: dict[str, Any] = {"parse_math": False, "color": INK, "va": "top"}
    axes.add_patch(_bar(0, HEIGHT - 14, WIDTH, 14, "#0072b2"))
    axes.text(70, 540, textwrap.fill(title, 28), fontsize=46, fontweight="bold", **plain)
    counts = verdicts(results)
    total, left = sum(counts.values()), 70.0
    if total:
        line = f"{total:,} claims, one verdict each, every number computed from open data"
        for at, (name, count) in enumerate(counts.items()):
            width = (WIDTH - 140) * count / total
            colour = COLOURS.get(name, OPEN[at % len(OPEN)])
            axes.add_patch(_bar(left, 220, width - 4, 64, colour))
            axes.add_patch(_bar(70 + 360 * (at % 3), 150 - 44 * (at // 3), 22, 22, colour))
            place = (102 + 360 * (at % 3), 174 - 44 * (at // 3))
            axes.text(*place, f"{count} {name.lower()}", fontsize=17, **plain)
            left += width
    else:
        line = figures(results)
    axes.text(70, 340, line, fontsize=20 if total else 30, **{**plain, "color": MUTED})
    with mpl.rc_context({"savefig.dpi": "figure", "savefig.bbox": None}):  # whatever is set here
        figure.savefig(target, metadata={"Software": None})


def _bar(left: float, low: float, width: float, height: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((left, low), width, height, facecolor=colour)
