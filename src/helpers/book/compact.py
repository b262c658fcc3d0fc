"""The same drawing in fewer letters: steps in place of places, and what is shared said once.

What is seen stays, in the same order, but for the lines of a grid, which lie under the marks of
their own axis.
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from xml.etree.ElementTree import Element

COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
NUMBER = re.compile(r"-?\d*\.?\d+(?:[eE]-?\d+)?")
TAKES = {"M": 2, "L": 2, "C": 6, "Q": 4}
UNIT = 100  # of a point: the hundredths that a drawing is written in
RUN = 3  # elements beside one another that are worth a group
PASSED_ON = re.compile(r"fill|stroke|font|text-anchor")  # what a part has of its group
UNDER = ("path", "defs", "use")  # of an axis: its grid, then what its ticks are, then they


def steps(path: str) -> str:
    """Return a path as steps from point to point.

    Parameters
    ----------
    path : str
        The ``d`` of a path whose commands are absolute ``M L C Q z``, in hundredths at most.

    Returns
    -------
    str
        The same places to the hundredth; a path with other commands as it is.

    Examples
    --------
    >>> steps("M145.2 192.8L145.2 198.2M145.8 192.8L145.8 198.25L146 198z")
    'M145.2 192.8v5.4m.6-5.4v5.45l.2-.25z'
    """
    found: list[str] = []
    here = start = (0, 0)
    last = ""
    for command, given in COMMAND.findall(path):
        if command in "zZ":
            found.append("z")
            here, last = start, "z"
            continue
        numbers = [round(UNIT * float(one)) for one in NUMBER.findall(given)]
        if command not in TAKES or len(numbers) != TAKES[command]:
            return path
        points = list(zip(numbers[::2], numbers[1::2]))
        moved = [one - here[at % 2] for at, one in enumerate(numbers)]
        name = command.lower() if found else command
        if name == "l" and 0 in moved:
            name, moved = ("v", moved[1:]) if not moved[0] else ("h", moved[:1])
        words = _joined(moved if found else numbers)
        # A move goes on as lines; of other commands a second of the same needs no letter.
        told = "" if name == (last if last != "m" else "l") and name != "m" else name
        found.append(told + (_after(found[-1], words) if not told else words))
        here, last = points[-1], name
        if command == "M":
            start = here
    return min("".join(found), path, key=len)


def _joined(numbers: Iterable[int]) -> str:
    text = ""
    for one in numbers:
        text += _after(text, _short(one))
    return text


def _short(hundredths: int) -> str:
    text = f"{hundredths / UNIT:.2f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)


def _after(text: str, number: str) -> str:
    """Return a number with the blank that it needs behind a text."""
    begun = text and text[-1].isdigit()
    point = number.startswith(".") and "." in re.split(r"[^\d.]", text)[-1]
    return number if not begun or number.startswith("-") or point else f" {number}"


def grid_first(axis: Element) -> None:
    """Put the grid of an axis before its ticks, so that each is one run.

    Parameters
    ----------
    axis : Element
        A group of parts; their order is changed.
    """

    def rank(one: Element) -> int:
        return UNDER.index(one.tag) if one.tag in UNDER else len(UNDER)

    axis[:] = sorted(axis, key=rank)


def gather(parent: Element, passed_on: Callable[[str], bool]) -> None:
    """Let a group say what all its parts would say, and make groups where runs are alike.

    Shapes of a map stay where they are, since their places tell which they are.

    Parameters
    ----------
    parent : Element
        What holds the parts; it is changed.
    passed_on : callable
        Says of a class whether its whole look is passed on from a group to its parts.
    """
    if "data-shape" not in parent.attrib:
        parent[:] = _merged(parent)
        if parent.tag in ("g", "svg"):
            parent[:] = _grouped(parent, passed_on)
    for group in [parent] if parent.tag == "g" else []:
        parts = [one for one in group if one.tag != "defs"]
        shared = {
            key: value
            for key, value in _common(parts, passed_on).items()
            if len(parts) > 1 and key not in group.attrib
        }
        # A clip lies in the places of what says it.
        if "transform" in group.attrib or any("transform" in one.attrib for one in parts):
            shared.pop("clip-path", None)
        _hoist(group, parts, shared)


def _merged(parent: Element) -> list[Element]:
    """Make one group of those beside one another that say the same of themselves."""
    found: list[Element] = []
    for one in parent:
        last = found[-1] if found else None
        alike = last is not None and last.tag == one.tag == "g" and last.attrib == one.attrib
        if last is not None and alike and "data-shape" not in one.attrib and "id" not in one.attrib:
            last.extend(list(one))
        else:
            found.append(one)
    return found


def _grouped(parent: Element, passed_on: Callable[[str], bool]) -> list[Element]:
    found: list[Element] = []
    for same, run in groupby(parent, lambda one: _shared(one, passed_on)):
        parts = list(run)
        if len(parts) < RUN or not same or len(parts) == len(parent):
            found += parts
            continue
        group = Element("g")
        group.extend(parts)
        _hoist(group, parts, dict(same))
        found.append(group)
    return found


def _shared(one: Element, passed_on: Callable[[str], bool]) -> tuple[tuple[str, str], ...]:
    """Return what an element could leave to a group."""
    if one.tag in ("defs", "g") or "transform" in one.attrib:
        return ()
    return tuple(sorted(_common([one], passed_on).items()))


def _common(parts: list[Element], passed_on: Callable[[str], bool]) -> dict[str, str]:
    first = parts[0].attrib if parts else {}
    return {
        key: value
        for key, value in first.items()
        if all(one.get(key) == value for one in parts)
        and (key == "clip-path" or (key == "class" and passed_on(value)))
    }


def _hoist(group: Element, parts: list[Element], shared: dict[str, str]) -> None:
    group.attrib |= shared
    for one in parts:
        for key in shared:
            del one.attrib[key]
