"""A drawing as a part of a page: its letters are the page's, its colours follow light and dark.

Of what matplotlib wrote, this leaves out what a page needs not, gives each look a class, and each
colour a name; ``_static/figures.css`` says what the named colours of the palette are in the dark,
and :func:`in_the_dark` what any other is.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from helpers.book.compact import PASSED_ON, gather, grid_first, steps

GROUP = re.compile(r"(?:series-(\d+)-\d+)?(?:shape-(\d+))?")
AXIS = re.compile(r"matplotlib\.axis_\d+")
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
NAMED = re.compile(r"--c([0-9a-f]{6}):")
FONT = re.compile(r"font-family: [^;]*;? ?|'DejaVu Sans'[^;]*")
STILL = re.compile(r"rotate\(-?0 [^)]*\)")
LONG = (
    1500  # letters of a path: then it is an outline, of which a hundredth of a point says nothing
)
DECIMALS = re.compile(r"-?\d+\.\d+")
REPEATED = re.compile(r"(L-?[\d.]+ -?[\d.]+)(?:\1(?![\d.]))+")
DARK, LIGHT = 0.21, 0.95  # the lightness of paper and of ink in the dark, in OKLab


class Looks:
    """The looks of the elements of a figure, each with a class, for all its drawings."""

    def __init__(self) -> None:
        self._classes: dict[str, str] = {}
        self.colours: set[str] = set()

    def of(self, style: str) -> str:
        """Return the class of a look.

        Parameters
        ----------
        style : str
            Declarations as in a ``style`` attribute.

        Returns
        -------
        str
            The same for the same look in every figure.

        Examples
        --------
        >>> looks = Looks()
        >>> looks.of("fill: #0072b2") == Looks().of("fill: #0072b2"), looks.colours
        (True, {'0072b2'})
        """
        plain = re.sub(r"\s*([:;])\s*", r"\1", FONT.sub(_family, style).strip())
        self.colours |= {found[1:] for found in COLOUR.findall(plain)}
        rule = COLOUR.sub(lambda found: f"var(--c{found[0][1:]},{found[0]})", plain)
        name = "d" + hashlib.sha256(rule.encode()).hexdigest()[:6]
        self._classes[name] = rule
        return name

    def is_line(self, name: str | None) -> bool:
        """Say whether a look is that of a line alone, which encloses nothing.

        Parameters
        ----------
        name : str or None
            A class of :meth:`of`.

        Returns
        -------
        bool

        Examples
        --------
        >>> looks = Looks()
        >>> looks.is_line(looks.of("fill: none; stroke: #000000")), looks.is_line(None)
        (True, False)
        """
        return "fill:none" in self._classes.get(name or "", "").split(";")

    def is_passed_on(self, name: str) -> bool:
        """Say whether the parts of a group that has a look have all of it.

        Parameters
        ----------
        name : str
            A class of :meth:`of`.

        Returns
        -------
        bool

        Examples
        --------
        >>> looks = Looks()
        >>> looks.is_passed_on(looks.of("fill: none")), looks.is_passed_on(looks.of("opacity: 1"))
        (True, False)
        """
        return all(PASSED_ON.match(one) for one in self._classes[name].split(";") if one)

    def sheet(self, known: Iterable[str] = ()) -> str:
        """Return the style sheet of the looks.

        Parameters
        ----------
        known : iterable of str
            Colours, as six hexadecimal digits, that another sheet has a dark value for.

        Returns
        -------
        str
            CSS; on paper there is no dark.

        Examples
        --------
        >>> looks = Looks()
        >>> _ = looks.of("fill: #ffffff")
        >>> looks.sheet(["ffffff"]).endswith("{fill:var(--cffffff,#ffffff)}")
        True
        """
        rules = "".join(f".{name}{{{rule}}}" for name, rule in sorted(self._classes.items()))
        rest = sorted(self.colours - set(known))
        dark = ";".join(f"--c{one}:{in_the_dark(one)}" for one in rest)
        return rules + (f'@media screen{{html[data-theme="dark"]{{{dark}}}}}' if dark else "")


def _family(found: re.Match[str]) -> str:
    return "" if found[0].startswith("font-family") else "var(--drawn)"


def inline(svg: str, name: str, css: str, label: str, looks: Looks) -> str:
    """Return a drawing as an element of a page.

    Parameters
    ----------
    svg : str
        An SVG document of matplotlib.
    name : str
        What its ids begin with, so that no other drawing of the page has them.
    css : str
        A class of the element.
    label : str
        The text alternative.
    looks : Looks
        Takes the looks of the elements.

    Returns
    -------
    str
        An ``<svg>`` element with the role of an image; a series has
        ``data-series``, shapes of a map ``data-shape``, the place of the first.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When the document is not whole.

    Examples
    --------
    >>> drawn = '<svg viewBox="0 0 9 9"><metadata/><g id="a"><path d="M 0 0 L 1 1"/></g></svg>'
    >>> print(inline(drawn, "rise", "wide", "A line.", Looks()).replace("><", ">\\n<"))
    <svg viewBox="0 0 9 9" class="wide" role="img" aria-label="A line.">
    <path d="M0 0l1 1"/>
    </svg>
    """
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        said = (element.text or "").strip() if element.tag in ("text", "tspan") else ""
        element.text, element.tail = said or None, None
    ids = {used: f"{name}{place}" for place, used in enumerate(_used(root))}
    _tidy(root, ids, looks)
    for path in root.iter("path"):
        path.set("d", steps(path.get("d", "")))
    root.attrib = {
        "viewBox": root.get("viewBox", ""),
        "class": css,
        "role": "img",
        "aria-label": label,
    }
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _used(root: ElementTree.Element) -> list[str]:
    """Return the ids that parts of the drawing refer to, in the order of these."""
    found: list[str] = []
    for element in root.iter():
        for key, value in element.attrib.items():
            found += REFERENCE.findall(value)
            if key.rpartition("}")[2] == "href" and value.startswith("#"):
                found.append(value[1:])
    return list(dict.fromkeys(found))


def _tidy(parent: ElementTree.Element, ids: dict[str, str], looks: Looks) -> None:
    """Rewrite the attributes below an element; take out what says nothing."""
    kept: list[ElementTree.Element] = []
    for element in parent:
        empty = element.tag == "path" and "d" not in element.attrib  # all of it is cut off
        if empty or element.tag in ("metadata", "style"):
            continue
        is_axis = AXIS.fullmatch(element.get("id", ""))
        element.attrib = _attributes(element.attrib, ids, looks)
        _tidy(element, ids, looks)
        if is_axis:
            grid_first(element)
            element[:] = _joined(list(element), looks)
            gather(element, looks.is_passed_on)
        if element.tag == "g" and not element.attrib:
            kept += list(element)
        elif element.tag not in ("g", "defs") or len(element):
            kept.append(element)
    parent[:] = _joined(kept, looks)
    gather(parent, looks.is_passed_on)


def _joined(elements: list[ElementTree.Element], looks: Looks) -> list[ElementTree.Element]:
    """Make one path of lines that stand beside one another and look alike."""
    found: list[ElementTree.Element] = []
    for element in elements:
        last = found[-1] if found else None
        if (
            last is not None
            and last.tag == element.tag == "path"
            and last.attrib | {"d": ""} == element.attrib | {"d": ""}
            and looks.is_line(element.get("class"))
            and "id" not in element.attrib
        ):
            last.set("d", last.attrib["d"] + element.attrib["d"])
        else:
            found.append(element)
    return found


def _attributes(given: dict[str, str], ids: dict[str, str], looks: Looks) -> dict[str, str]:
    result: dict[str, str] = {}
    for key, value in given.items():
        key = key.rpartition("}")[2]
        if key == "id":
            if found := GROUP.fullmatch(value):
                names = zip(("data-series", "data-shape"), found.groups())
                result |= {name: place for name, place in names if place}
            if value in ids:
                result["id"] = ids[value]
        elif key == "href" and value.startswith("#"):
            result["href"] = f"#{ids[value[1:]]}"
        elif key == "style":
            result["class"] = looks.of(value)
        elif key == "d":
            result["d"] = _path(value)
        elif key != "transform" or not STILL.fullmatch(value):
            result[key] = REFERENCE.sub(lambda found: f"url(#{ids[found[1]]})", value)
    return result


def _path(value: str) -> str:
    """Return a path without blanks that say nothing; an outline of many points in tenths."""
    plain = re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(value.split()))
    if len(plain) < LONG:
        return plain
    tenths = DECIMALS.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), plain)
    return REPEATED.sub(r"\1", tenths)


def known_colours(sheet: Path) -> set[str]:
    """Return the colours that a style sheet names.

    Parameters
    ----------
    sheet : Path
        CSS with properties such as ``--c0072b2``; it need not exist.

    Returns
    -------
    set of str
        Six hexadecimal digits each.
    """
    return set(NAMED.findall(sheet.read_text(encoding="utf-8"))) if sheet.exists() else set()


def in_the_dark(colour: str) -> str:
    """Return what a colour is on a dark page: of the same hue, and light where it was dark.

    So a scale from light to dark is one from dark to light, and what was near the paper stays so.

    Parameters
    ----------
    colour : str
        Six hexadecimal digits.

    Returns
    -------
    str
        A colour for CSS.

    Examples
    --------
    >>> in_the_dark("ffffff"), in_the_dark("000000")
    ('#181818', '#eeeeee')
    """
    lightness, a, b = _oklab(colour)
    wanted = DARK + (1 - lightness) * (LIGHT - DARK)
    for share in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0):  # less colour, until a screen can show it
        channels = _linear(wanted, a * share, b * share)
        if all(-0.002 <= one <= 1.002 for one in channels):
            break
    return "#" + "".join(f"{round(255 * _coded(min(max(one, 0), 1))):02x}" for one in channels)


def _oklab(colour: str) -> tuple[float, float, float]:
    """Return lightness and the two axes of colour of OKLab (Ottosson 2020)."""
    r, g, b = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    )
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _linear(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _coded(one: float) -> float:
    return 12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055
