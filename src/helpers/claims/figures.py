"""Pictures of all verdicts: effects in units of the smallest that matters, and how firm."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.claims.decisions import VERDICTS
from helpers.claims.multiverse import FIRM
from helpers.figures.style import MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of DECIDED and of what is not, in the order of VERDICTS.
COLORS = dict(zip(VERDICTS, [PALETTE[at] for at in (0, 4, 5, 1, 6, 3, 7, 2)], strict=True))
WIDEST = 6  # units; what lies beyond is drawn at the edge


def draw(axes: "Axes", voices: pd.DataFrame) -> None:
    """Draw a row for each claim: the primary interval as a line, other sources as small dots.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    voices : pandas.DataFrame, one row a claim and source
        As of :func:`helpers.claims.tables.voices`: ``id``, ``primary``, ``verdict``, and ``units``,
        ``units_low`` and ``units_high`` in multiples of the smallest effect of interest.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> ends = {"units": [2.0, 1.5], "units_low": [1.2, 0.8], "units_high": [9.0, 3.0]}
    >>> table = pd.DataFrame(ends).assign(id="more_deaths", verdict="Supported")
    >>> draw(axes, table.assign(primary=[True, False]))
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['another source', 'Supported']
    """
    rows = voices.dropna(subset="units")
    places = {name: -number for number, name in enumerate(dict.fromkeys(rows["id"]))}
    ends = ["units", "units_low", "units_high"]
    rows = rows.assign(y=rows["id"].map(places), **rows[ends].clip(-WIDEST, WIDEST))
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.axvline(1, color=MUTED, linewidth=0.8, linestyle="--")
    others = rows[~rows["primary"]]
    axes.scatter(
        others["units"],
        others["y"] - 0.22,
        s=12,
        facecolors="none",
        edgecolors=MUTED,
        label="another source",
    )
    for name in VERDICTS:
        mine = rows[rows["primary"] & (rows["verdict"] == name)]
        if len(mine):
            low, high, color = mine["units_low"], mine["units_high"], COLORS[name]
            axes.hlines(mine["y"], low, high, color=color, linewidth=2.2)
            axes.scatter(mine["units"], mine["y"], color=color, s=30, zorder=3, label=name)
    axes.set_yticks(list(places.values()), [name.replace("_", " ") for name in places])
    axes.set(xlim=(-WIDEST - 0.2, WIDEST + 0.2), xticks=np.arange(-WIDEST, WIDEST + 1, 2))
    axes.set_xlabel("effect in units of the smallest that would matter (0: none)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.1), ncols=3)


def firmness(axes: "Axes", shares: pd.DataFrame) -> None:
    """Draw for each claim in how many cells of the multiverse its verdict is the same.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    shares : pandas.DataFrame, one row a claim
        As of :func:`helpers.claims.multiverse.shares`: ``id``, ``verdict`` and ``same``, a share.
        The longest bar of each verdict stands on top, decided verdicts first.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> rows = {"id": ["a", "b"], "verdict": ["Partly", "Supported"], "same": [0.9, 0.4]}
    >>> firmness(axes, pd.DataFrame(rows))
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['b', 'a']
    """
    ranks = shares["verdict"].map({name: number for number, name in enumerate(VERDICTS)})
    rows = shares.assign(rank=ranks).sort_values(["rank", "same"], ascending=[True, False])
    rows = rows.assign(y=-np.arange(len(rows)))
    for name, of in rows.groupby("verdict", sort=False):
        axes.barh(of["y"], of["same"], color=COLORS[str(name)], height=0.7, label=name)
    axes.axvline(FIRM, color=MUTED, linewidth=0.8, linestyle="--")
    axes.set_yticks(rows["y"], [name.replace("_", " ") for name in rows["id"]])
    axes.set(xlim=(0, 1), xlabel="share of combinations of choices with the same verdict")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.1), ncols=3)


def reach(axes: "Axes", table: pd.DataFrame) -> None:
    """Draw for each claim what its test finds, in multiples of the smallest effect that matters.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, one row a claim
        As of :func:`helpers.claims.designs.reach`: ``id``, ``asserts`` and ``times``; the first
        row stands on top.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> rows = {"id": ["a", "b"], "asserts": ["fact", "cause"], "times": [0.5, 7.0]}
    >>> reach(axes, pd.DataFrame(rows))
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['a', 'b']
    """
    rows = table.assign(y=-np.arange(len(table)))
    axes.axvline(1, color=MUTED, linewidth=0.8, linestyle="--")
    for asserts, color in (("fact", PALETTE[0]), ("cause", PALETTE[1])):
        mine = rows[rows["asserts"] == asserts]
        axes.hlines(mine["y"], 1, mine["times"], color=color, linewidth=1.4, alpha=0.6)
        axes.scatter(mine["times"], mine["y"], color=color, s=32, zorder=3, label=f"a {asserts}")
    axes.set_xscale("log", base=2)
    axes.set_yticks(rows["y"], [name.replace("_", " ") for name in rows["id"]])
    least, most = np.log2([min(1.0, rows["times"].min()), max(1.0, rows["times"].max())])
    ticks = 2.0 ** np.arange(np.floor(least), np.ceil(most) + 1)
    axes.set_xticks(ticks, [f"{tick:g}" if tick >= 1 else f"1/{1 / tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("effect found in four of five cases, in smallest effects that matter")
    axes.legend(title="the claim is of", loc="lower left")


def readers(axes: "Axes", changed: pd.Series) -> None:
    """Draw how many readers read so many verdicts in another word.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    changed : pandas.Series of int, shape (n_readers,)
        Of each reader, the number of verdicts.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> readers(axes, pd.Series([2, 2, 3]))
    >>> [int(bar.get_height()) for bar in axes.patches]
    [2, 1]
    """
    counts = changed.value_counts().sort_index()
    axes.bar(counts.index, counts, color=PALETTE[0], width=0.8)
    axes.axvline(changed.median(), color=PALETTE[1], linewidth=1.6)
    axes.annotate(
        "the middle reader",
        (changed.median(), counts.max()),
        xytext=(6, 2),
        textcoords="offset points",
        color=PALETTE[1],
    )
    axes.set(xlabel="verdicts read in another word", ylabel="readers")
    axes.margins(y=0.15)
