"""The table of place names: spellings of each source, spans of validity, places on the map."""

import re
from pathlib import Path

import pandas as pd

from helpers.ingest.publisher import ACCESSED, read_csv, text
from helpers.ingest.ucdp_events import NEEDED
from helpers.raw.put import put
from helpers.raw.sidecar import Column, Licence, Sidecar

SOURCES = "UCDP GED events of Pakistan (csv), for spellings and coordinates of districts"
MERGER = "2018-05-31"  # Twenty-fifth Amendment, see chronology.csv
MERGER_URL = "https://en.wikipedia.org/wiki/Twenty-fifth_Amendment_to_the_Constitution_of_Pakistan"
KP, FATA = "Khyber Pakhtunkhwa", "FATA"
COLUMNS = [
    "level",
    "name",
    "province",
    "spelling",
    "source",
    "valid_from",
    "valid_to",
    "successor",
    "latitude",
    "longitude",
    "note",
    "url",
]
# Spellings of first-level units by source.
PROVINCES = {
    KP: {
        "UCDP": ["Khyber Pakhtunkwa province"],
        "SATP": ["kp"],
        "Natural Earth": ["K.P."],
        "published": [
            "Khyber Pakhtunkhwa",
            "Khyber Pakhtunkhwa (incl. ex-FATA)",
            "Khyber Pakhtunkhwa (mainland)",
        ],
    },
    "Balochistan": {
        "UCDP": ["Balochistan province"],
        "SATP": ["balochistan"],
        "Natural Earth": ["Baluchistan"],
        "published": ["Balochistan"],
    },
    "Sindh": {
        "UCDP": ["Sindh province"],
        "SATP": ["sindh"],
        "Natural Earth": ["Sind"],
        "published": ["Sindh", "Karachi", "Sindh (excl. Karachi)"],
    },
    "Punjab": {"UCDP": ["Punjab province"], "SATP": ["punjab"], "published": ["Punjab"]},
    "Islamabad": {
        "UCDP": ["Islamabad Capital territory"],
        "SATP": ["islamabad"],
        "Natural Earth": ["F.C.T."],
        "published": ["Islamabad", "ICT"],
    },
    "Gilgit-Baltistan": {
        "UCDP": ["Gilgit-Baltistan"],
        "SATP": ["gb"],
        "Natural Earth": ["Northern Areas"],
        "published": ["Gilgit Baltistan"],
    },
    "Azad Jammu and Kashmir": {
        "UCDP": ["Azad Jammu & Kashmir"],
        "SATP": ["ajk"],
        "Natural Earth": ["Azad Kashmir"],
        "published": ["Azad Jammu and Kashmir", "AJK"],
    },
}
FATA_SPELLINGS = {
    "UCDP": ["Federally Administered Tribal Areas"],
    "SATP": ["fata"],
    "Natural Earth": ["F.A.T.A."],
    "published": ["FATA", "FATA (merged districts)"],
}
# Names that UCDP spells with a slip or in full.
DISTRICTS = {
    "Jafarabad Distrcit": "Jafarabad",
    "FR Bannu - Mir Ali": "FR Bannu",
    "FR Tank - Jandola": "FR Tank",
}
# Frontier Regions became subdivisions of the district whose name they bear.
FRONTIER = {"FR Bannu": "Bannu", "FR Kohat": "Kohat", "FR Peshawar": "Peshawar", "FR Tank": "Tank"}
SPLIT = "2022-10-13"
SPLIT_URL = "https://aaj.tv/news/30301870 | https://www.dawn.com/news/1684725 | https://www.thenews.com.pk/print/1103893"
SPLIT_NOTE = (
    "notification as reported on 2022-10-13; cabinet decision in April 2022; one later report dates the "
    "notification 2022-09-13"
)


def province_rows() -> list[dict]:
    """Return the rows of first-level units; the merger ends one and sends its spellings to another."""
    rows = [
        {
            "level": "province",
            "name": name,
            "province": name,
            "spelling": spelling,
            "source": source,
        }
        for name, by_source in PROVINCES.items()
        for source, spellings in by_source.items()
        for spelling in spellings
    ]
    for source, spellings in FATA_SPELLINGS.items():
        for spelling in spellings:
            base = {"level": "province", "spelling": spelling, "source": source, "url": MERGER_URL}
            rows += [
                {
                    **base,
                    "name": FATA,
                    "province": FATA,
                    "valid_to": MERGER,
                    "successor": KP,
                    "note": "merged into Khyber Pakhtunkhwa",
                },
                {
                    **base,
                    "name": KP,
                    "province": KP,
                    "valid_from": MERGER,
                    "note": "sources go on reporting the merged districts under their old name",
                },
            ]
    return rows


def district_name(spelling: str) -> str:
    """Return the canonical name of a district from UCDP's spelling."""
    return DISTRICTS.get(spelling) or re.sub(r"\s+(district|agency)$", "", spelling)


def district_rows(events: pd.DataFrame) -> list[dict]:
    """Return the rows of districts with the median place of their events (located to the district or better)."""
    placed = events[events["adm_2"].notna() & (events["where_prec"].astype(int) <= 3)]
    centre = placed.groupby("adm_2")[["latitude", "longitude"]].median().round(3)
    pairs = events[["adm_1", "adm_2"]].dropna().drop_duplicates().sort_values(["adm_1", "adm_2"])
    rows = []
    for province, spelling in pairs.itertuples(index=False):
        name = district_name(spelling)
        was_fata = province == FATA_SPELLINGS["UCDP"][0]
        today = (
            KP if was_fata else next(own for own, by in PROVINCES.items() if province in by["UCDP"])
        )
        row = {
            "level": "district",
            "name": name,
            "province": today,
            "spelling": spelling,
            "source": "UCDP",
            "note": "in FATA until the merger" if was_fata else "",
            "url": MERGER_URL if was_fata else "",
        }
        if name in FRONTIER:
            row |= {
                "successor": FRONTIER[name],
                "note": "frontier region; placed in the district of its name",
            }
        if spelling in centre.index:
            row |= centre.loc[spelling].to_dict()
        rows.append(row)
    return rows


def split_rows() -> list[dict]:
    """Return the two districts that South Waziristan became; older figures cannot be divided between them."""
    return [
        {
            "level": "district",
            "name": f"{part} South Waziristan",
            "province": KP,
            "spelling": spelling,
            "source": "published",
            "valid_from": SPLIT,
            "note": SPLIT_NOTE,
            "url": SPLIT_URL,
        }
        for part in ("Upper", "Lower")
        for spelling in (f"{part} South Waziristan", f"South Waziristan {part}")
    ]


def table_rows(events: pd.DataFrame) -> pd.DataFrame:
    """Return the whole table; every canonical name is also a spelling of itself."""
    rows = [*province_rows(), *district_rows(events), *split_rows()]
    said = {(row["level"], row["spelling"]) for row in rows}
    own = {(row["level"], row["name"]): row for row in rows}
    rows += [
        {
            "level": level,
            "name": name,
            "province": row["province"],
            "spelling": name,
            "source": "canonical",
            "successor": row.get("successor", ""),
        }
        for (level, name), row in own.items()
        if (level, name) not in said
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame[COLUMNS[:8] + COLUMNS[10:]] = frame[COLUMNS[:8] + COLUMNS[10:]].fillna("")
    return frame.sort_values(["level", "name", "spelling", "valid_from"], kind="stable")


def sidecar() -> Sidecar:
    """Return the description of ``places.csv``."""
    empty = {"nullable": True}
    return Sidecar(
        producer="this compendium, from UCDP, SATP, Natural Earth and the published figures",
        title="Names of provinces and districts through time",
        description="One row for each spelling and span of validity: which unit it means, in which province that unit "
        "lies today, and which unit followed one that ended.",
        citation_full="Spellings and coordinates after UCDP GED 22.1; dates after the addresses in the table.",
        version="1",
        url="https://ucdp.uu.se/downloads/",
        date_accessed=ACCESSED,
        licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"),
        redistribution="allowed with credit to UCDP",
        built_by="python -m helpers.cli ingest places GED.csv",
        notes=[
            "FATA ends on 2018-05-31; a source that goes on reporting it means the merged districts.",
            "South Waziristan was split in 2022; figures to 2021 cannot be divided, so the old unit has no successor.",
            "Coordinates are the median of UCDP's events located to the district or better (where_prec of 3 or less): "
            "where violence was, not the middle of the area.",
        ],
        key=["level", "spelling", "source", "valid_from"],
        columns={
            "level": text("province or district", allowed=["province", "district"]),
            "name": text("canonical name"),
            "province": text("province in which the unit lies today"),
            "spelling": text("as the source writes it"),
            "source": text("who writes it so"),
            "valid_from": Column(type="date", meaning="first day, empty: from the start", **empty),
            "valid_to": Column(
                type="date",
                meaning="first day on which it no longer holds, empty: it holds",
                **empty,
            ),
            "successor": text("unit that holds it today", **empty),
            "latitude": Column(
                type="number", unit="degrees north", meaning="median of events", **empty
            ),
            "longitude": Column(
                type="number", unit="degrees east", meaning="median of events", **empty
            ),
            "note": text("what a reader must know", **empty),
            "url": text("address of the date", **empty),
        },
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``places.csv``."""
    events = read_csv(sources[0], [*NEEDED, "latitude", "longitude", "where_prec"], dtype=str)
    events = events[events["id"].notna()].astype({"latitude": float, "longitude": float})
    table = out / "places.csv"
    put(table_rows(events), table, sidecar())
    return [table]
