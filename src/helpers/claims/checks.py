"""What other results must show before the evidence on a claim is weighed: promised, met or not.

A claim promises some checks itself (``falsified_by``): ranks among placebo dates, what leads the
cause, a date of change, a fall that the same code must find. Two more go with its primary result
``KEY`` wherever they are recorded beside it: ``KEY_size``, the share of series without an effect in
which the test finds one in the worst world that the series may come from, and ``KEY_memory_p``, of
the independence of its residuals.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.base.errors import InputError, did_you_mean
from helpers.claims.decisions import BESIDE
from helpers.claims.plan import Check, Checkable, Decides

SIGNS = {"above": "above", "below": "below", "at_least": "at least", "at_most": "at most"}


@dataclass(frozen=True)
class Checked:
    """A check and what was found.

    Attributes
    ----------
    check : Check
        What was promised.
    found : float or str or None
        What was recorded; ``None`` where an end of an interval is not known, which meets no check.
    met : bool
        Whether the promise holds.
    """

    check: Check
    found: float | str | None
    met: bool

    @property
    def needed(self) -> str:
        """The relation in words: what the result has to be."""
        return f"{SIGNS[self.check.relation]} {shown(self.check.value)}"

    @property
    def failing(self) -> str:
        """The clause that says what is not met."""
        return f"not met: {self.check.says} ({shown(self.found)}, needed {self.needed})"


def shown(value: float | str | None) -> str:
    """Write a number of a check in few digits, and a month as it is.

    Parameters
    ----------
    value : float or str or None
        What was recorded or is needed.

    Returns
    -------
    str
        Three significant digits of a number, ``unknown`` for nothing.

    Examples
    --------
    >>> shown(0.22727), shown("2021-08"), shown(None)
    ('0.227', '2021-08', 'unknown')
    """
    if value is None:
        return "unknown"
    return value if isinstance(value, str) else f"{value:.3g}"


def of_primary(
    claim: Checkable, key: str, results: Mapping[str, Mapping[str, Any]]
) -> tuple[Check, ...]:
    """Return the checks that go with a primary result, where their results are recorded beside it.

    Parameters
    ----------
    claim : Checkable
        The claim. Of a cause a failed check says that it is not identified, of a fact that the
        interval promises more than it holds.
    key : str
        The primary result.
    results : mapping of str to mapping
        Recorded entries by key.

    Returns
    -------
    tuple of Check
        None, one or two.

    Examples
    --------
    >>> claim = Checkable.model_construct(asserts="cause")
    >>> [one.what for one in of_primary(claim, "t.a", {"t.a_size": {"value": 0.2}})]
    ['worst_size']
    """
    decides: Decides = "cause_not_identified" if claim.asserts == "cause" else "too_imprecise"
    beside = (
        Check(
            what=one["what"],
            key=key + one["ending"],
            relation=one["relation"],
            value=one["value"],
            says=one["says"],
            decides=decides,
        )
        for one in BESIDE
    )
    return tuple(one for one in beside if one.key in results)


def checked(
    claim: Checkable,
    primary: str | None,
    results: Mapping[str, Mapping[str, Any]],
    chosen: Collection[str],
) -> tuple[Checked, ...]:
    """Hold the checks of a claim against what was recorded.

    Parameters
    ----------
    claim : Checkable
        The claim.
    primary : str or None
        The key of its primary result.
    results : mapping of str to mapping
        Recorded entries by key, as in ``results.json``.
    chosen : collection of str
        The trackers that take part.

    Returns
    -------
    tuple of Checked
        First what the claim promises, then what goes with its primary result.

    Raises
    ------
    InputError
        When a result is not recorded, and when a number is compared with a month.

    Examples
    --------
    >>> about = {"what": "placebo_rank", "key": "t.placebo_p", "relation": "at_most", "value": 0.1}
    >>> about |= {"says": "few dates show as much", "decides": "cause_not_identified"}
    >>> claim = Checkable.model_construct(id="more", asserts="cause", falsified_by=[Check(**about)])
    >>> checked(claim, None, {"t.placebo_p": {"value": 0.23}}, [])[0].failing
    'not met: few dates show as much (0.23, needed at most 0.1)'
    """
    standing = of_primary(claim, primary, results) if primary else ()
    promised = [
        one
        for one in claim.falsified_by
        if one.key in results or one.source is None or one.source in chosen
    ]
    return tuple(_checked(claim, one, results) for one in (*promised, *standing))


def _checked(claim: Checkable, one: Check, results: Mapping[str, Mapping[str, Any]]) -> Checked:
    if one.key not in results:
        raise InputError(
            f"claim '{claim.id}': no notebook recorded '{one.key}', which its check "
            f"'{one.what}' reads" + did_you_mean(one.key, results)
        )
    found = results[one.key].get(one.part)
    if found is None:
        return Checked(one, None, False)
    if isinstance(found, bool) or isinstance(found, str) != isinstance(one.value, str):
        raise InputError(
            f"claim '{claim.id}': its check '{one.what}' compares {shown(one.value)} with "
            f"'{one.key}', which is {found!r}; expected two numbers or two months"
        )
    return Checked(one, found, one.holds(found))
