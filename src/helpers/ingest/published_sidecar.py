"""The sidecar of ``published_figures.csv``: what its columns and its vocabulary mean."""

from helpers.ingest.published_scopes import SCOPES
from helpers.ingest.published_words import VOCABULARY
from helpers.raw.sidecar import Column, Licence, Sidecar

NOTES = [
    "One row is one figure in one text. Two vintages of a number are two rows; the same figure in two texts "
    "is two rows; rows alike in everything are one.",
    *(f"scope {name}: {meaning}." for name, meaning in SCOPES.items()),
    "Period: 2024 (year), 2024-03 (month), 2024-Q1, 2024-H1, 2005/2015 (years), 2024-01/2024-05 (whole "
    "months), 2024-01-01/2024-12-09 (days; where a text names only the month in which it was written, the "
    "first of it; mid-month is the 15th), ../2013 (to the end of 2013, start not stated).",
    "Vintage: when the text appeared, YYYY[-MM[-DD]]: as the collection states it, else as the text's own "
    "words say, else that of another figure at the same address, else a date inside the address, else "
    "undated.",
    "The four SATP figures that the article quotes are transcribed from it (via: the article); its copy has no "
    "date, so their vintage (2025-01) is inferred from its words on the year that ended and the year ahead.",
    "Retrieved: the day the collection was closed; no row has a day of its own.",
    "Via: who quotes the publisher where that is not its own text or the press, or that the text names no "
    "source.",
    "Khyber Pakhtunkhwa without a remark, 2018 and later: the text does not say whether the merged districts "
    "are counted. Before 2018, and always with PICSS, it is without them.",
    "CRSS 2013-2017 includes crime (scope crime_included) and does not join 2018 onward; GTI changed its "
    "event data between the index of 2020 and that of 2022 (two series); official counts join nothing.",
    "Killed totals include members of peace committees, so civilians, security forces and militants can fall "
    "short of the total; the gap is never filled.",
    "SATP 2001/2022 (15,997 attacks) is worded as the last 22 years in a text of February 2023.",
]

SIDECAR = Sidecar(
    producer="South Asia Terrorism Portal (SATP); Pakistan Institute for Conflict and Security Studies "
    "(PICSS); Center for Research and Security Studies (CRSS); Pak Institute for Peace Studies "
    "(PIPS); Institute for Economics and Peace (Global Terrorism Index, GTI); NACTA, ISPR, Ministry "
    "of Interior and other authorities as named in column source",
    title="Figures on political violence in Pakistan as published by think tanks and authorities",
    description="Counts of attacks, operations, deaths, injuries and arrests by month, quarter, year or "
    "other stated period, each with the address of the text in which it was read. Figures only, "
    "no text.",
    citation_full="SATP, PICSS, CRSS, PIPS, Institute for Economics and Peace and the authorities named in "
    "column source: figures as published at the address in column url.",
    version="collection closed 2026-11-23",
    url="see column url",
    date_accessed="2026-11-23",
    licence=Licence(name="facts; each figure with its publisher and address", url=""),
    redistribution="figures, dates, places and addresses only; the texts stay with their publishers",
    built_by="python -m helpers.cli ingest published published_figures.csv published_series_more.csv "
    "picss_months.csv",
    notes=NOTES,
    key=[
        "source",
        "series",
        "scope",
        "region",
        "period",
        "metric",
        "value",
        "precision",
        "vintage",
        "via",
        "url",
    ],
    columns={
        "source": Column(type="string", meaning="publisher of the figure"),
        "series": Column(
            type="string",
            meaning="what is counted, in our words; one name per scope where the scope is a whole",
        ),
        "scope": Column(
            type="string", meaning="which violence is counted, see notes", allowed=list(SCOPES)
        ),
        "region": Column(
            type="string", meaning="Pakistan, a province, or a region as the text draws it"
        ),
        "period": Column(type="string", meaning="period that the figure covers, see notes"),
        "metric": Column(
            type="string",
            unit="events or persons",
            meaning="what the value is a number of",
            allowed=sorted(VOCABULARY),
        ),
        "value": Column(type="number", unit="see metric", meaning="the figure as printed"),
        "precision": Column(
            type="string",
            meaning="how the text hedges it",
            allowed=["exact", "about", "at least", "at most"],
        ),
        "vintage": Column(type="string", meaning="when the text appeared, see notes"),
        "via": Column(type="string", meaning="who quotes the publisher", nullable=True),
        "url": Column(
            type="string",
            nullable=True,
            meaning="address of the text; empty: the article, whose address is not recorded",
        ),
        "retrieved": Column(type="date", meaning="day on which the text was read, at the latest"),
    },
)
