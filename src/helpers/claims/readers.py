"""Readers who make the choices behind a verdict by lot: what choice alone does to the words."""

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.claims.choices import Results, widened, with_smallest
from helpers.claims.plan import Checkable, Claim
from helpers.claims.rule import judge

SMALLEST, INFLATION = (0.5, 2.0), (1.0, 4.0)  # as far as a multiverse goes
AS_WRITTEN = {"smallest": 1.0, "inflation": 1.0, "silent": ""}  # a reader who changes nothing


def draw(
    claims: Iterable[Claim], chosen: Iterable[str], count: int, generator: np.random.Generator
) -> pd.DataFrame:
    """Draw the choices of readers.

    Parameters
    ----------
    claims : iterable of Checkable, Documentary or Untestable
        The plan; a tracker that no claim hears is not silenced.
    chosen : iterable of str
        The trackers that take part.
    count : int
        How many readers.
    generator : numpy.random.Generator
        Draws them.

    Returns
    -------
    pandas.DataFrame, shape (count, 3)
        ``smallest`` and ``inflation``, factors drawn evenly in logarithms, and ``silent``, a
        tracker; empty where there is none to silence.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> claim = Checkable.model_construct(evidence=heard)
    >>> drawn = draw([claim], "abc", 50, np.random.default_rng(1))
    >>> sorted(set(drawn["silent"])), bool(drawn["inflation"].between(1, 4).all())
    (['a', 'b'], True)
    """
    speak = {each.source for one in claims if isinstance(one, Checkable) for each in one.evidence}
    names = [name for name in chosen if name in speak] or [""]
    factors = {}
    for name, (low, high) in (("smallest", SMALLEST), ("inflation", INFLATION)):
        factors[name] = np.exp(generator.uniform(math.log(low), math.log(high), count))
    return pd.DataFrame({**factors, "silent": generator.choice(names, count)})


def changed(
    claims: Iterable[Claim], results: Results, chosen: Iterable[str], readers: pd.DataFrame
) -> pd.DataFrame:
    """Tell which verdicts each reader reads in another word.

    Parameters
    ----------
    claims : iterable of Checkable, Documentary or Untestable
        The plan; of the last two no choice of a number changes anything.
    results : mapping of str to mapping
        Recorded entries by key, as in :func:`helpers.claims.rule.judge`.
    chosen : iterable of str
        The trackers that take part.
    readers : pandas.DataFrame, one row a reader
        As of :func:`draw`.

    Returns
    -------
    pandas.DataFrame of bool, shape (n_readers, n_checkable)
        A column a checkable claim, named by its id.

    Raises
    ------
    InputError
        As :func:`helpers.claims.rule.judge`.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {key: {"value": 1.5, "low": 1.2, "high": 1.9} for key in ("t.a", "t.b")}
    >>> readers = pd.DataFrame({"smallest": [1.0, 2.0], "inflation": 1.0, "silent": ""})
    >>> changed([claim], recorded, "ab", readers)["more"].tolist()
    [False, True]
    """
    tested = [one for one in claims if isinstance(one, Checkable)]
    part = list(chosen)
    written = {one.id: judge(one, results, part).verdict for one in tested}
    rows = [
        {one.id: _judged(one, results, part, reader) != written[one.id] for one in tested}
        for reader in readers.to_dict("records")
    ]
    return pd.DataFrame(rows, readers.index)


def _judged(
    claim: Checkable, results: Results, chosen: list[str], reader: Mapping[Hashable, Any]
) -> str:
    other = with_smallest(claim, reader["smallest"])
    left = [name for name in chosen if name != reader["silent"]]
    return judge(other, widened(other, results, reader["inflation"]), left).verdict
