"""Made-up files in the layout of each publisher, and damages to them.

A damaged file is refused in one sentence that names it, or gives the very table of the sound one.
Only what a reader could tell is damaged: a count that became another count is no damage here.
"""

import copy
import json
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import build
from helpers.ingest.census_facts import CensusFacts
from helpers.ingest.facts import facts_path, read_facts
from helpers.ingest.ucdp_country_year import columns_needed
from helpers.raw.contract import load

Facts = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """Files of one command.

    ``files`` are tables of text, or what a JSON file holds, by name; the first is damaged.
    ``free`` are columns whose words nothing contradicts, ``empty`` those that may be empty,
    ``signed`` those with numbers below zero or with decimals; ``more`` are tables of ours that the
    command reads beside them; ``read`` are the
    columns that it reads of a file with many more.
    """

    command: str
    files: dict[str, Any]
    facts: Callable[[Facts], Facts] = lambda facts: facts
    free: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    more: tuple[Path, ...] = ()
    read: tuple[str, ...] = ()

    def seen(self, held: pd.DataFrame) -> list[str]:
        """Return the columns that the command reads: all of them where none is named."""
        return [name for name in held if not self.read or name in self.read]


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as texts."""
    return pd.DataFrame(rows).astype(str)


def blank(header: str) -> dict[str, Any]:
    """Return a row of empty cells under a line of names."""
    return dict.fromkeys(header.split(","), "")


COUNTRY = yaml.safe_load(facts_path("ucdp-events").read_text(encoding="utf-8"))["country"]
PLACES = load(paths.RAW / "places.csv")


def events() -> pd.DataFrame:
    """Return events in the layout of GED, most of them in the country of the facts."""
    spelt = PLACES[(PLACES["source"] == "UCDP") & PLACES["latitude"].notna()]
    spelt = spelt.drop_duplicates("province").head(3)
    provinces = PLACES[(PLACES["source"] == "UCDP") & (PLACES["level"] == "province")]
    name_of = dict(zip(provinces["name"], provinces["spelling"]))
    rows = []
    for at in range(24):
        unit = spelt.iloc[at % len(spelt)]
        away = at % 8 == 7
        north, east = (15.2, 18.7) if away else (unit["latitude"], unit["longitude"])
        row = int((north + 90) // 0.5), int((east + 180) // 0.5)
        day = f"2023-{at % 12 + 1:02}-{at + 3:02}"
        rows.append(
            {
                "id": 1000 + at,
                "year": 2023,
                "type_of_violence": at % 3 + 1,
                "dyad_new_id": 50 + at % 3,
                "dyad_name": f"Side A - Side B{at % 3}",
                "side_a": "Side A",
                "side_b": f"Side B{at % 3}",
                "where_prec": at % 3 + 1,
                "adm_1": "Kanem region" if away else name_of[unit["province"]],
                "adm_2": "Kanem district" if away else unit["spelling"],
                "latitude": north,
                "longitude": east,
                "priogrid_gid": row[0] * 720 + row[1] + 1,
                "country": "Chad" if away else COUNTRY,
                "country_id": 483 if away else 770,
                "region": "Africa" if away else "Asia",
                "date_start": day,
                "date_end": day,
                "deaths_a": 1,
                "deaths_b": 2,
                "deaths_civilians": 3,
                "deaths_unknown": 0,
                "best": 6,
                "high": 9,
                "low": 4,
            }
        )
    return table(rows)


def of_events(command: str, ending: str) -> Made:
    """Return a file of events for a command."""
    return Made(
        command,
        {f"GEDEvent_v25_1.{ending}": events()},
        free=("dyad_name", "side_a", "side_b", "adm_1", "adm_2", "dyad_new_id"),
        empty=("adm_1", "adm_2", "dyad_name", "side_a", "side_b"),
        signed=("latitude", "longitude"),
    )


def country_years() -> Made:
    """Return country-years."""
    rows = []
    for name, number, region in (("Chad", 483, "Africa"), ("Peru", 135, "Americas")):
        for year in (2020, 2021, 2022):
            row: dict[str, Any] = dict.fromkeys(columns_needed(), 2)
            row |= {"country_cy": name, "country_id_cy": number, "region_cy": region}
            row |= {"year_cy": year, "version": "25.1", "os_killings_unknown_cy": 1}
            rows.append(row)
    return Made("ucdp-country-year", {"country_year_25_1.csv": table(rows)})


def typed() -> Made:
    """Return months of countries by type."""
    counts = [f"{kind}_{what}" for kind in ("sb", "ns", "os") for what in ("events", "deaths")]
    rows = [
        {"gwno": number, "country": name, "year": 2024, "month": month}
        | dict.fromkeys(counts, 2)
        | {"provisional": 0}
        for name, number in (("Chad", 483), ("Peru", 135))
        for month in (1, 2, 3)
    ]
    return Made("ucdp-country-month", {"ged251_country_month.csv": table(rows)})


def estimated() -> Made:
    """Return months of countries by estimate."""
    rows = [
        {"iso3": code, "year": 2024, "event_month": month, "conflict_events_total": 3}
        | {f"conflict_fatalities_{one}": at for at, one in enumerate(("low", "best", "high"), 4)}
        | {f"conflict_{one}_events": 1 for one in ("state_based", "non_state", "one_sided")}
        for code in ("TCD", "PER")
        for month in (1, 2, 3)
    ]
    return Made("ucdp-country-month", {"ged251_estimates.csv": table(rows)})


def within() -> Made:
    """Return months of countries, a column each, beside their estimates."""
    days = ["2024-01-31", "2024-02-29", "2024-03-31"]
    wide = pd.DataFrame({"": days, "Chad": ["1", "2", "3"], "Peru": ["3", "0", "1"]})
    return Made(
        "ucdp-country-month",
        {"deaths_within.csv": wide} | {"ged251_estimates.csv": estimated().files.popitem()[1]},
    )


def province_months() -> Made:
    """Return months of first-level units, which fill those of their country."""
    months = load(paths.RAW / "country_month.csv")
    mine = months[(months["country"] == COUNTRY) & (months["version"] == "25.1")].tail(4)
    names = dict(zip(("n_sb", "n_ns", "n_os"), ("state_based", "non_state", "one_sided")))
    rows = [
        {"country": COUNTRY, "adm_1": "North", "month": f"{one['year']}-{one['month']:02}"}
        | {"n_events": int(one["events"])}
        | {short: int(one[f"events_{name}"]) for short, name in names.items()}
        | {"deaths": int(one["deaths_best"])}
        for one in mine.to_dict("records")
    ]
    return Made(
        "ucdp-province-month",
        {"ged251_adm1_month.csv": table(rows)},
        free=("adm_1",),
        more=(paths.RAW / "country_month.csv",),
    )


def group_months() -> Made:
    """Return months of dyads."""
    rows = [
        {"dyad_id": dyad, "dyad_name": f"A - B{dyad}", "type": kind, "year": 2024, "month": month}
        | {"events": 1, "deaths": 2, "provisional": 0}
        for dyad, kind in ((7, "ns"), (8, "sb"))
        for month in (1, 2, 3)
    ]
    return Made("ucdp-group-month", {"ged251_dyad_month.csv": table(rows)}, empty=("dyad_name",))


def cell_months() -> Made:
    """Return months of cells."""
    rows = [{"priogrid_gid": 165374 + at, "month": f"2024-0{at + 1}", "best": 3} for at in range(4)]
    return Made("ucdp-cell-month", {"ged251_priogrid_month.csv": table(rows)})


def census() -> Made:
    """Return lists of two censuses and of subdistricts."""
    told = read_facts(facts_path("census"), CensusFacts)
    rows = PLACES[(PLACES["source"] == told.source) & (PLACES["level"] == "district")]
    rows = rows[rows["name"] == rows["spelling"]]
    some = rows[rows["successor"].isna() & ~rows["name"].isin(told.mislabelled)]
    some = some.groupby("province").head(2).head(6)
    unit = PLACES[(PLACES["source"] == told.source) & (PLACES["level"] == "province")]
    unit_of = dict(zip(unit["name"], unit["spelling"]))

    def listed(of: Any, figures: dict[str, str]) -> pd.DataFrame:
        return table(
            [
                {of.province: unit_of[one.province], of.division: "D", of.district: one.name}
                | figures
                for one in some.itertuples(index=False)
            ]
        )

    return Made(
        "census",
        {
            "later.csv": listed(told.later, {"Pop2017": "900", "Pop2023": "1000"}),
            "earlier.csv": listed(told.earlier, {"Pop1998": "700", "Pop2017": "900"}),
            "parts.csv": listed(told.parts, {"ALL_SEXES": "1000", "AREA_SQKM": "50.5"}),
        },
        facts=lambda facts: facts | {"regrouped": {}, "mislabelled": []},
        free=(told.later.division,),
    )


def roads() -> Made:
    """Return road accidents of the country and two regions."""
    regions = PLACES.loc[PLACES["level"] == "province", "name"].unique()[:2]
    rows = [
        {"region": region, "year": year, "accidents": 9 * n, "fatal_accidents": 4 * n}
        | {"non_fatal_accidents": 5 * n, "killed": 6 * n, "injured": 20 * n}
        for year in ("2008-09", "2009-10")
        for region, n in ((COUNTRY, 2), *((one, 1) for one in regions))
    ]
    return Made("road-deaths", {"roads.csv": table(rows)})


def areas(command: str) -> Made:
    """Return figures of areas."""
    told = yaml.safe_load(facts_path(command).read_text(encoding="utf-8"))
    rows = [
        {"source": source, "series": f"of {source}", "region": COUNTRY, "district": ""}
        | {"period_start": f"2024-0{at + 1}", "period_end": f"2024-0{at + 1}"}
        | {"metric": next(iter(told["units"])), "value": 7 + at, "url": "https://example.org/a"}
        | {"retrieved": "seen 2026-11-26", "note": ""}
        for source in told["sources"]
        for at in range(4)
    ]
    return Made(
        command,
        {"figures.csv": table(rows)},
        facts=lambda facts: facts | {"amended": [], "quoted": []},
        free=("series", "note"),
        empty=("district", "note", "region"),
        signed=("value",),
    )


def indicators() -> Made:
    """Return indicators by year."""
    rows = [
        {"country_name": COUNTRY, "year": 2000 + at, "v2x": 0.5, "v2y__v12": 0.25}
        for at in range(4)
    ]
    return Made(
        "vdem",
        {"vdem.csv": table(rows)},
        facts=lambda facts: facts | {"indicators": ["v2x", "v2y__v12"]},
        empty=("v2x", "v2y__v12"),
        signed=("v2x", "v2y__v12"),
    )


def ring(east: float, north: float, side: float = 2.0) -> list[list[float]]:
    """Return a square."""
    corners = [[0, 0], [side, 0], [side, side], [0, side], [0, 0]]
    return [[east + x, north + y] for x, y in corners]


def units() -> Made:
    """Return first-level units of a country, side by side."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": name,
                "iso_3166_2": f"AA-{at}",
                "adm0_a3": "AAA",
                "latitude": 31.0,
                "longitude": 61.0 + 2 * at,
            },
            "geometry": {"type": "Polygon", "coordinates": [ring(60.0 + 2 * at, 30.0)]},
        }
        for at, name in enumerate(("East", "West"))
    ]
    return Made(
        "natural-earth",
        {"units.geojson": {"type": "FeatureCollection", "features": features}},
        facts=lambda facts: (
            facts | {"code": "AAA", "units": {name: {"name": name} for name in ("East", "West")}}
        ),
    )


def countries() -> Made:
    """Return countries of the world, side by side, one of them apart."""
    shown = sorted(load(paths.RAW / "country_month.csv")["country"].unique())
    features = [
        {
            "type": "Feature",
            "properties": {"NAME": name, "ISO_N3": f"0{at}0"},
            "geometry": {"type": "Polygon", "coordinates": [ring(60.0 * at, 10.0 * at)]},
        }
        for at, name in enumerate(("Chad", "Peru", "Atlantis"))
    ]
    return Made(
        "natural-earth-world",
        {"ne_110m_admin_0_countries.geojson": {"type": "FeatureCollection", "features": features}},
        facts=lambda facts: (
            facts
            | {"names": {}, "within": {}, "apart": ["Atlantis"]}
            | {"small": [name for name in shown if name not in ("Chad", "Peru")]}
        ),
    )


def outlines() -> Made:
    """Return the outlines of a country and of its neighbour."""

    def outline(code: str, corners: list[list[float]]) -> dict[str, Any]:
        geometry = {"type": "Polygon", "coordinates": [corners]}
        return {"type": "Feature", "properties": {"country_a3": code}, "geometry": geometry}

    return Made(
        "borders",
        {
            "AAA.json": outline("AAA", ring(60.0, 30.0)),
            "BBB.json": outline("BBB", ring(62.0, 30.0)),
        },
        facts=lambda facts: facts | {"code": "AAA", "neighbours": {"BBB": "East"}},
    )


def figures() -> Made:
    """Return a collection of published figures."""
    rows = [
        {"source": "SATP", "series": "annual fatalities (all categories)", "region": COUNTRY}
        | {"year": 2020 + at, "month": "", "metric": "fatalities_total", "value": 100 + at}
        | {"vintage": "2025-01", "url": f"https://example.org/{at}"}
        for at in range(4)
    ]
    return Made(
        "published",
        {"collection.csv": table(rows)},
        facts=lambda facts: facts | {"collections": ["collection.csv"], "quoted": []},
        free=("source", "region"),
        empty=("month", "vintage", "url", "region", "series"),
        signed=("value",),
    )


def mergers() -> Made:
    """Return texts about mergers."""
    counted = "joined"
    rows = [
        {"date": f"202{at}-07-31", "event": f"A joins B{at}", "groups": "A; B", counted: at}
        | {"url": f"https://example.org/{at}"}
        for at in range(4)
    ]
    said = [
        {"date": row["date"], "event": row["event"], "groups": "A; B", "direction": "merger"}
        | {"status": "verified", "pattern": row["event"]}
        for row in rows
    ]
    return Made(
        "mergers",
        {"mergers.csv": table(rows)},
        facts=lambda facts: (
            facts
            | {"events": said, "no_event": [], "counted": {"column": counted, "meaning": "joined"}}
        ),
        free=("groups", "date"),
        empty=("groups", counted),
    )


def support() -> Made:
    """Return support of groups."""
    rows = [
        {"active": 1, "year": 2008 + at, "actor_id": 5, "actor_name": "A", "actor_nonstate": 1}
        | {"oppo_name": "Government of Chad", "dyad_id": 9, "ext_name": "B, C", "ext_sup": 2}
        | {"ext_sup_s": 0, "ext_sup_ns": 1}
        for at in range(4)
    ]
    return Made(
        "external-support",
        {"ucdp-esd-ay-181.xlsx": table(rows)},
        free=("ext_name",),
        empty=("ext_name", "ext_sup", "ext_sup_s", "ext_sup_ns"),
        signed=("ext_sup", "ext_sup_s", "ext_sup_ns"),
    )


ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,"
    "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,"
    "country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
    "notes,fatalities,tags,timestamp"
)
KINDS = ["Battles", "Explosions/Remote violence", "Violence against civilians", "Protests", "Riots"]


def acled() -> Made:
    """Return an export of events in the layout of ACLED."""
    rows = []
    for at in range(24):
        kind = KINDS[at % len(KINDS)]
        row = blank(ACLED) | {
            "event_id_cnty": f"AAA{at + 100}",
            "event_date": f"2024-{at % 3 + 1:02}-{at % 5 + 20:02}",
            "year": 2024,
            "time_precision": 1,
            "disorder_type": "Demonstrations" if at % 5 > 2 else "Political violence",
            "event_type": kind,
            "sub_event_type": f"A kind of {kind}",
            "actor1": f"Side {at % 2}",
            "inter1": "Rebel group",
            "actor2": "" if at % 5 > 2 else "Military Forces",
            "iso": 586,
            "region": "South Asia",
            "country": "Chad" if at % 8 == 7 else COUNTRY,
            "admin1": f"Province {at % 3}",
            "admin2": f"District {at % 4}",
            "location": "A place, with a comma",
            "latitude": 30.25,
            "longitude": 70.5,
            "geo_precision": 1,
            "source": "A paper; another",
            "source_scale": "National",
            "notes": 'On a day, "sides" clashed.\nTwo lines; cut, quoted.',
            "fatalities": at % 4,
            "tags": "",
            "timestamp": 1717000000 + at,
        }
        rows.append(row)
    return Made(
        "own-acled",
        {"1900-01-01-2024-12-31-Country.csv": table(rows)},
        free=("notes", "source", "location", "tags", "actor1", "actor2", "admin1", "admin2"),
        empty=("actor1", "actor2", "admin1", "admin2"),
        read=(
            "event_id_cnty",
            "event_date",
            "year",
            "event_type",
            "actor1",
            "actor2",
            "country",
            "admin1",
            "admin2",
            "fatalities",
        ),
    )


def acled_weekly() -> Made:
    """Return a weekly aggregate in the layout of ACLED."""
    rows = [
        {
            "WEEK": f"2024-0{1 + week // 4}-{(6, 13, 20, 27, 3, 10)[week]:02}",
            "REGION": "South Asia",
            "COUNTRY": "Chad" if (week + at) % 8 == 7 else COUNTRY,
            "ADMIN1": f"Province {at % 2}",
            "EVENT_TYPE": KINDS[at],
            "SUB_EVENT_TYPE": f"A kind of {KINDS[at]}",
            "EVENTS": week + at + 1,
            "FATALITIES": week * at,
            "POPULATION_EXPOSURE": 1000 * at,
            "DISORDER_TYPE": "Demonstrations" if at > 2 else "Political violence",
            "ID": 586,
            "CENTROID_LATITUDE": 30.25,
            "CENTROID_LONGITUDE": 70.5,
        }
        for week in range(6)
        for at in range(5)
    ]
    return Made(
        "own-acled-weekly",
        {"South-Asia_aggregated_data.xlsx": table(rows)},
        free=("ADMIN1",),
        empty=("ADMIN1", "SUB_EVENT_TYPE", "DISORDER_TYPE"),
        read=("WEEK", "COUNTRY", "ADMIN1", "EVENT_TYPE", "EVENTS", "FATALITIES"),
    )


GTD = (
    "eventid,iyear,imonth,iday,approxdate,extended,resolution,country,country_txt,region,"
    "region_txt,provstate,city,latitude,longitude,specificity,vicinity,location,summary,crit1,"
    "crit2,crit3,doubtterr,alternative,alternative_txt,multiple,success,suicide,attacktype1,"
    "attacktype1_txt,targtype1,targtype1_txt,target1,gname,guncertain1,nperps,weaptype1,"
    "weaptype1_txt,nkill,nkillus,nkillter,nwound,nwoundus,nwoundte,property,dbsource,INT_LOG,"
    "INT_IDEO,INT_MISC,INT_ANY,related"
)


def gtd() -> Made:
    """Return incidents in the layout of GTD."""
    rows = []
    for at in range(24):
        month, day = at % 3, (0 if at % 3 == 0 or at % 7 == 6 else at % 5 + 10)
        rows.append(
            blank(GTD)
            | {
                "eventid": f"2019{month:02}{day:02}{at:04}",
                "iyear": 2019,
                "imonth": month,
                "iday": day,
                "extended": 0,
                "country": 153,
                "country_txt": "Chad" if at % 8 == 7 else COUNTRY,
                "provstate": f"Province {at % 2}",
                "city": "Unknown",
                "summary": "On a day, assailants attacked.",
                "crit1": 1,
                "crit2": at % 2,
                "crit3": int(at % 3 > 0),
                "doubtterr": (0, -9, 1)[at % 3],
                "attacktype1": 3,
                "attacktype1_txt": "Bombing/Explosion",
                "targtype1": 4,
                "targtype1_txt": "Military",
                "gname": "Unknown",
                "nkill": "" if at % 5 == 4 else at % 4,
                "nkillter": 0,
                "nwound": 2,
            }
        )
    return Made(
        "own-gtd",
        {"globalterrorismdb_0522dist.csv": table(rows)},
        free=("provstate", "city", "attacktype1_txt", "targtype1_txt", "gname", "summary"),
        empty=(
            "provstate",
            "city",
            "attacktype1_txt",
            "targtype1_txt",
            "gname",
            "nkill",
            "doubtterr",
        ),
        signed=("nkill",),
        read=(
            "eventid",
            "iyear",
            "imonth",
            "iday",
            "country_txt",
            "provstate",
            "city",
            "crit1",
            "crit2",
            "crit3",
            "doubtterr",
            "attacktype1_txt",
            "targtype1_txt",
            "gname",
            "nkill",
        ),
    )


def plain() -> Made:
    """Return a table of a researcher's own, whose mapping is the example."""
    rows = [
        {"day": f"2023-0{at % 3 + 1}-1{at % 7}", "province": f"P{at % 2}", "district": f"D{at}"}
        | {"kind": "attack", "by": "A", "against": "B", "number": 1 + at % 3, "killed": at % 5}
        for at in range(12)
    ]
    return Made(
        "own-plain",
        {"mine.csv": table(rows)},
        free=("province", "district", "kind", "by", "against"),
        empty=("province", "district", "kind", "by", "against", "killed"),
        signed=("killed",),
    )


@cache
def every() -> Mapping[str, Made]:
    """Return the files of every command, some in several layouts; they take a second to make."""
    made = {
        "ucdp-country-year": country_years(),
        "ucdp-country-year of events": of_events("ucdp-country-year", "csv"),
        "ucdp-country-month by type": typed(),
        "ucdp-country-month by estimate": estimated(),
        "ucdp-country-month within months": within(),
        "ucdp-province-month": province_months(),
        "ucdp-group-month": group_months(),
        "ucdp-cell-month": cell_months(),
        "ucdp-cell-month of events": of_events("ucdp-cell-month", "zip"),
        "ucdp-cell-events": of_events("ucdp-cell-events", "csv"),
        "ucdp-events": of_events("ucdp-events", "xlsx"),
        "ucdp-severity": of_events("ucdp-severity", "csv"),
        "places": of_events("places", "zip"),
        "census": census(),
        "road-deaths": roads(),
        "police-figures": areas("police-figures"),
        "group-claims": areas("group-claims"),
        "vdem": indicators(),
        "natural-earth": units(),
        "natural-earth-world": countries(),
        "borders": outlines(),
        "published": figures(),
        "mergers": mergers(),
        "external-support": support(),
        "own-acled": acled(),
        "own-acled-weekly": acled_weekly(),
        "own-gtd": gtd(),
        "own-plain": plain(),
    }
    return made


# Bytes.


def packed(name: str, held: Any) -> bytes:
    """Return a file as its publisher packs it."""
    if not isinstance(held, pd.DataFrame):
        return json.dumps(held).encode()
    if name.endswith(".xlsx"):
        stream = BytesIO()
        # Of control characters a workbook knows none.
        numbers = held.map(lambda text: int(text) if _whole(text) else text.replace("\x01", "\x7f"))
        numbers.to_excel(stream, index=False)
        return stream.getvalue()
    text = held.to_csv(index=False).encode()
    return zipped(name.replace(".zip", ".csv"), text) if name.endswith(".zip") else text


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def zipped(name: str, data: bytes) -> bytes:
    """Return a zip of one file."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def outcome(made: Made, data: bytes, folder: Path) -> tuple[str, str]:
    """Return how the command took its first file: ``refused``, ``built`` or ``broke``, and what."""
    facts = yaml.safe_load(facts_path(made.command).read_text(encoding="utf-8"))
    (folder / "facts.yml").write_text(yaml.safe_dump(made.facts(facts)), encoding="utf-8")
    names = list(made.files)
    (folder / names[0]).write_bytes(data)
    for name in names[1:]:
        (folder / name).write_bytes(packed(name, made.files[name]))
    sources = [*(folder / name for name in names), *made.more]
    out = folder / "out"
    out.mkdir()
    try:
        tables = build(made.command, sources, out, folder / "facts.yml")
    except InputError as error:
        left = [path.name for path in out.iterdir()]
        return "refused", str(error) if not left else f"{error} LEFT {left}"
    except Exception as error:
        return "broke", repr(error)
    return "built", "\n".join(path.read_text(encoding="utf-8") for path in tables)


# Damages.

GARBAGE = (
    "n/a",
    "-3",
    "1e3",
    "True",
    "nan",
    "inf",
    "1,204",
    "2,5",
    "null",
    "9" * 30,
    "\x01",
    "#REF!",
    "#N/A",
    "#DIV/0!",
    "12abc",
    "½",
    "٣",
    "0x10",
    "3 4",
    "<b>3</b>",
    "\ufffd",
)
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "\x01")
DECIMAL = ("-3", "2,5")  # may be numbers where decimals are


def with_cell(made: Made, held: pd.DataFrame, word: str, draw: random.Random) -> pd.DataFrame:
    """Put a word into a cell that cannot hold it."""
    free = set() if word in ERRORS else set(made.free)
    free |= set(made.signed) if word in DECIMAL else set()
    column = draw.choice([name for name in made.seen(held) if name not in free])
    frame = held.copy()
    frame.loc[draw.randrange(1, len(held) - 1), column] = word
    return frame


def emptied(made: Made, held: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    """Empty a cell in which something must stand."""
    column = draw.choice([name for name in made.seen(held) if name not in made.empty])
    frame = held.copy()
    frame.loc[draw.randrange(1, len(held) - 1), column] = ""
    return frame


def shifted(made: Made, held: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    """Move the cells of a row by one column."""
    frame = held.copy()
    row = draw.randrange(1, len(held) - 1)
    frame.loc[row] = [*frame.loc[row].tolist()[1:], ""]
    return frame


def tables(made: Made, draw: random.Random) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield damages to the cells, rows and columns of a table."""
    held = next(iter(made.files.values()))
    for word in GARBAGE:
        yield f"a cell {word!r:.12}", with_cell(made, held, word, draw)
    for word in draw.sample(ERRORS, 2):
        yield f"an error cell {word!r}", with_cell(made, held, word, draw)
    yield "a cell emptied", emptied(made, held, draw)
    yield "a row moved by one column", shifted(made, held, draw)
    row = held.iloc[[draw.randrange(len(held))]]
    yield "a row twice", pd.concat([held, row], ignore_index=True)
    yield "the header again", pd.concat([held, pd.DataFrame([list(held)], columns=list(held))])
    yield "no rows", held.iloc[:0]
    yield "a column renamed", held.rename(columns={draw.choice(made.seen(held)): "other"})
    if "" not in held:  # a country without a column has no statement
        yield "a column dropped", held.drop(columns=draw.choice(made.seen(held)))
    yield "columns in another order", held[draw.sample(list(held), held.shape[1])]
    total = dict.fromkeys(held, "") | {held.columns[0]: "Total"}
    yield "a row of totals", pd.concat([held, pd.DataFrame([total])], ignore_index=True)
    last = {name: held[name].iloc[-1] for name in held} | {held.columns[0]: "Source: the web"}
    yield "a line of source", pd.concat([held, pd.DataFrame([last])], ignore_index=True)
    for time in ("year", "year_cy", "month", "event_month"):
        if time in held:
            worst = {"year": "20240", "year_cy": "1024", "month": "13"}.get(time, "0")
            frame = held.copy()
            frame.loc[1, time] = worst
            yield f"{time} {worst}", frame
    if {"low", "high"} <= set(held):
        yield "low and high swapped", held.rename(columns={"low": "high", "high": "low"})
        frame = held.copy()
        frame.loc[1, "low"] = "6000"
        yield "low times a thousand", frame
        frame = held.copy()
        frame.loc[2, ["date_start", "date_end", "year"]] = ["2025-06-01", "2025-06-01", "2025"]
        yield "a day after the release", frame
        frame = held.copy()
        swapped = frame["date_start"].str.split("-")
        late = swapped.str[2].astype(int) > 12
        parts = swapped.str[2] + "/" + swapped.str[1] + "/" + swapped.str[0]
        other = swapped.str[0] + "-" + swapped.str[2] + "-" + swapped.str[1]
        frame["date_start"] = frame["date_end"] = parts.where(late, other)
        yield "days that a spreadsheet half understood", frame


def texts(data: bytes, draw: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield damages to the bytes of a CSV."""
    first = data.split(b"\n")[0]
    yield "cut", data[: draw.randrange(len(first) + 2, len(data) - 1)].rstrip(b"\r\n")
    yield "cut in the header", data[: draw.randrange(1, len(first))]
    yield "stray quote", data.replace(b"\n", b'\n"', 1)
    yield "NUL", data[:-5] + b"\0" + data[-5:]
    yield "UTF-16 without a mark", data.decode().encode("utf-16-le")
    yield "web page", b"<!doctype html><table></table>"
    yield "empty", b""
    yield "a mark alone", b"\xef\xbb\xbf"
    yield "workbook with a password", b"\xd0\xcf\x11\xe0" + bytes(99)
    yield "a zip", b"PK\3\4" + bytes(99)
    yield "a short row", data + b"2001\n"
    yield "a wide row", data + b"1," * 60 + b"1\n"
    yield "mixed encodings", data + "é".encode() + b"\xe9" + b"," * first.count(b",") + b"\n"
    name = first.split(b",")[1]
    yield "a column twice", data.replace(b"," + name, b"," + name + b"," + name, 1)
    yield "two files in one", data + data
    yield "UTF-8 with a mark", b"\xef\xbb\xbf" + data
    yield "UTF-16", data.decode().encode("utf-16")
    yield "line ends of Windows", data.replace(b"\n", b"\r\n")
    yield "empty lines", data + b"\n\n"


def containers(data: bytes, draw: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield damages to a zip or a workbook."""
    for at in range(4):
        place = draw.randrange(30, len(data))
        flipped = bytes([data[place] ^ 1 << draw.randrange(8)])
        yield f"a bit flipped, {at}", data[:place] + flipped + data[place + 1 :]
    yield "cut", data[: draw.randrange(4, len(data) - 1)]
    yield "the start lost", data[draw.randrange(4, 60) :]
    yield "empty", b""
    yield "web page", b"<!doctype html><table></table>"
    yield "workbook with a password", b"\xd0\xcf\x11\xe0" + bytes(99)
    yield "an empty zip", b"PK\5\6" + bytes(18)
    yield "NUL", bytes(len(data))


def _walk(held: Any, path: tuple = ()) -> Iterator[tuple]:
    if isinstance(held, dict | list):
        for key, one in held.items() if isinstance(held, dict) else enumerate(held):
            yield (*path, key)
            yield from _walk(one, (*path, key))


def _set(held: Any, path: tuple, value: Any) -> Any:
    made = copy.deepcopy(held)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


def _number(path: tuple, held: Any) -> bool:
    for key in path:
        held = held[key]
    return isinstance(held, float) and "coordinates" in path


def objects(held: Any, draw: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield damages to a GeoJSON file."""
    data = json.dumps(held).encode()
    corners = [path for path in _walk(held) if _number(path, held)]
    for value in (None, "x", True, [], {}, 1e9, "1e999", -500.0):
        yield f"a corner {value!r}", json.dumps(_set(held, draw.choice(corners), value)).encode()
    inner = [path for path in _walk(held) if "geometry" in path or "properties" in path]
    # Another number in a corner is another place.
    inner = [path for path in inner if path not in corners]
    for value in (None, "", 5, [], [[]], {}):
        path = draw.choice([one for one in inner if one[-1] not in ("iso_3166_2", "type")])
        yield f"{path[-1]} {value!r}", json.dumps(_set(held, path, value)).encode()
    text = data.decode()
    yield "cut", data[: draw.randrange(1, len(data) - 1)]
    yield "NaN", text.replace("60.0", "NaN", 1).encode()
    yield "a name twice", text.replace('"type"', '"geometry": 1, "geometry": 2, "type"', 1).encode()
    yield "NUL", data[:9] + b"\0" + data[9:]
    yield "UTF-16", text.encode("utf-16")
    yield "Latin-1", text.replace("A", "é").encode("latin-1")
    yield "empty", b""
    yield "web page", b"<!doctype html>"
    yield "a list", b"[1, 2]"
    yield "deep", b"[" * 100_000
    yield "two files in one", data + data
    yield "another country", text.replace("AAA", "CCC").encode()
    yield "UTF-8 with a mark", b"\xef\xbb\xbf" + data
    yield "in several lines", json.dumps(held, indent=1).encode()
    turned = copy.deepcopy(held)
    for feature in turned.get("features", [turned]):
        geometry = feature["geometry"]
        geometry["coordinates"] = [[[n, e] for e, n in one] for one in geometry["coordinates"]]
    yield "axes swapped", json.dumps(turned).encode()


def damages(made: Made, draw: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield the damages to the first file of a command, by name."""
    name, held = next(iter(made.files.items()))
    sound = packed(name, held)
    if not isinstance(held, pd.DataFrame):
        yield from objects(held, draw)
        return
    for what, frame in tables(made, draw):
        yield what, packed(name, frame)
    if name.endswith(".csv"):
        yield from texts(sound, draw)
    else:
        yield from containers(sound, draw)
    if name.endswith(".zip"):
        text = held.to_csv(index=False).encode()
        for what, data in texts(text, draw):
            yield f"{what}, packed", zipped(name.replace(".zip", ".csv"), data)


def fault(made: Made, data: bytes, sound: str) -> str:
    """Return what is wrong with how a damaged file is taken, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        how, what = outcome(made, data, Path(folder))
    name = next(iter(made.files))
    if how == "broke":
        return f"traceback: {what[:200]}"
    if how == "refused":
        if "\n" in what or "LEFT" in what or len(what) > 600:
            return f"no sentence: {what[:300]}"
        return "" if name in what else f"the file is not named: {what[:300]}"
    return "" if what == sound else "silent: another table"


def sound_table(made: Made) -> str:
    """Return what the command makes of the sound files."""
    name, held = next(iter(made.files.items()))
    with tempfile.TemporaryDirectory() as folder:
        how, what = outcome(made, packed(name, held), Path(folder))
    if how != "built":
        raise AssertionError(f"{made.command}: the sound file is not taken: {what}")
    return what
