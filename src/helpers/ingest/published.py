"""Published figures of think tanks and authorities: from three collections to one tidy table.

A collection has the columns source, series, region, year, month, metric, value, url and mostly vintage.
Each row is one figure in one text. The words of the texts (column ``quote``) are not carried.
"""

import re
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.published_scopes import publisher, subject
from helpers.ingest.published_sidecar import SIDECAR
from helpers.ingest.published_words import measure, period, region, vintage_in_text
from helpers.ingest.publisher import read_csv
from helpers.raw.put import put

SOURCES = "published_figures.csv published_series_more.csv picss_months.csv (the three collections of figures)"
NEEDED = ["source", "series", "region", "year", "month", "metric", "value", "url"]
COLUMNS = [
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
    "retrieved",
]
RETRIEVED = "2026-11-23"
# SATP's figures as the article under test quotes them (year, metric, value): transcribed from it, because no
# collection holds them. Its copy has no date; the vintage is inferred from its words on the year that ended.
ARTICLE = [
    ("2023", "incidents", "921"),
    ("2023", "killed", "1513"),
    ("2024", "incidents", "1261"),
    ("2024", "killed", "2113"),
]
ARTICLE_VINTAGE = "2025-01"


def build(sources: list[Path], out: Path) -> list[Path]:
    """Write ``published_figures.csv`` from the collections and the figures that the article quotes."""
    if len(sources) != 3:
        raise InputError(f"published needs three files, got {len(sources)}: {SOURCES}")
    texts = pd.concat([read(path) for path in sources], ignore_index=True)
    figures = pd.concat([tidy(texts), quoted_by_article()], ignore_index=True)
    figures = figures[COLUMNS].drop_duplicates().sort_values(COLUMNS, kind="stable")
    table = out / "published_figures.csv"
    put(figures, table, SIDECAR)
    return [table]


def read(path: Path) -> pd.DataFrame:
    """Return a collection as text, one row per figure and text; :class:`InputError` if it is not one."""
    frame = read_csv(path, NEEDED, dtype=str, keep_default_na=False)
    for line, value in enumerate(frame["value"], start=2):
        if not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise InputError(
                f"{path.name}, line {line}, column 'value': found '{value}', expected a number"
            )
    columns = [*NEEDED, "vintage"]
    return frame.assign(vintage=frame.get("vintage", ""), place=path.name)[[*columns, "place"]]


def tidy(texts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the collections in our vocabulary, one figure a row, columns as in COLUMNS."""
    stated = texts.loc[texts["vintage"] != "", ["url", "vintage"]]
    by_address = stated.groupby("url")["vintage"].agg(lambda seen: seen.mode().iloc[0]).to_dict()
    rows = [_row(text, by_address) for text in texts.to_dict("records")]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(text: dict[str, str], by_address: dict[str, str]) -> dict[str, str]:
    """Return one figure; the sentence of an error gets the file's name and the figure's address."""
    try:
        source, via = publisher(text["source"])
        scope, series = subject(text["source"], text["series"], text["metric"], text["year"])
        metric, scope, precision = measure(text["metric"], scope, text["series"])
        return {
            "source": source,
            "series": series,
            "scope": scope,
            "region": region(text["region"], source, text["year"]),
            "period": period(text["year"], text["month"], f"{text['series']} {text['metric']}"),
            "metric": metric,
            "value": text["value"],
            "precision": precision,
            "vintage": vintage_in_text(text, by_address),
            "via": via,
            "url": text["url"],
            "retrieved": RETRIEVED,
        }
    except InputError as error:
        where = text["url"] or "no address"
        raise InputError(f"{text['place']}, figure {text['value']} from {where}: {error}") from None


def quoted_by_article() -> pd.DataFrame:
    """Return the figures of SATP that the article quotes, in the columns of the table."""
    return pd.DataFrame(ARTICLE, columns=["period", "metric", "value"]).assign(
        source="SATP",
        series="all violent incidents, as the article quotes them",
        scope="combined",
        region="Pakistan",
        precision="exact",
        vintage=ARTICLE_VINTAGE,
        via="the article",
        url="",
        retrieved=RETRIEVED,
    )
