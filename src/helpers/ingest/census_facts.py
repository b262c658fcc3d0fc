"""What the facts of a census hold: columns of its lists, and where the lists do not meet."""

from helpers.base.models import Strict
from helpers.ingest.facts import Facts
from helpers.ingest.publisher import address, count, text
from helpers.raw.sidecar import Column

KEY = ["level", "name", "province", "year"]
COLUMNS = {
    "level": text("province or district", allowed=["province", "district"]),
    "name": text("the unit as places.csv names it"),
    "province": text("province in which the unit lies today"),
    "division": text("division of a district, as the census spells it", nullable=True),
    "year": count("year", "year of the census"),
    "population": count("persons", "persons counted"),
    "area_km2": Column(
        type="number",
        unit="square kilometres",
        meaning="area at the last census; empty where one of its subdistricts is not listed",
        nullable=True,
        minimum=0,
    ),
    "url": address("copy of the census's table"),
}


class Listed(Strict):
    """A list of the census: what its columns are called.

    Attributes
    ----------
    province, division, district : str
        Columns of the names.
    figures : dict of str to str
        Columns of figures by our name: ``population_YEAR``, ``area_km2``.
    url : str
        Where the list stands.
    """

    province: str
    division: str
    district: str
    figures: dict[str, str]
    url: str


class CensusFacts(Facts):
    """Facts of the command.

    Attributes
    ----------
    source : str
        Under which name places.csv holds the spellings of the census.
    years : tuple of int
        The three censuses, oldest first.
    later, earlier, parts : Listed
        Districts at the last census (with the middle one's population on the same borders),
        districts at the middle one (with the oldest's), and subdistricts at the last.
    regrouped : dict of str to list of str
        Districts whose people the two lists can be compared in sum alone.
    mislabelled : list of str
        Districts of the earlier list whose figures stand beside wrong names; only the sum of their
        first-level unit is taken.
    tolerance : float
        The largest share by which the lists may differ.
    """

    source: str
    years: tuple[int, int, int]
    later: Listed
    earlier: Listed
    parts: Listed
    regrouped: dict[str, list[str]] = {}
    mislabelled: list[str] = []
    tolerance: float
