"""Published figures of think tanks and authorities: from collections to one tidy table.

A collection has the columns source, series, region, year, month, metric, value, url and mostly
vintage. Each row is one figure in one text. The words of the texts (column ``quote``) are not
carried.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.as_published import publish
from helpers.ingest.cells import NUMBER, cells_of, no_other
from helpers.ingest.facts import read_facts
from helpers.ingest.published_dates import period, vintage_in_text
from helpers.ingest.published_facts import PublishedFacts
from helpers.ingest.published_scopes import publisher, subject
from helpers.ingest.published_table import COLUMNS, sidecar
from helpers.ingest.published_words import measure, precision, region
from helpers.ingest.ucdp_layout import open_sheet

SOURCES = "the collections of figures (csv), as many as the facts name"
NEEDED = ["source", "series", "region", "year", "month", "metric", "value", "url"]


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of published figures.

    Parameters
    ----------
    sources : list of pathlib.Path
        The collections, as many as the facts name.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.published_facts.PublishedFacts`.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be, is missing, or a figure is not understood.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> sources = [Path("nowhere.csv")]
    >>> build(sources, Path(), facts_path("published"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: published needs 3 files, got 1: ...
    """
    told = read_facts(facts, PublishedFacts)
    needed = len(told.collections)
    if len(sources) != needed:
        raise InputError(
            f"published needs {needed} files, got {len(sources)}: {', '.join(told.collections)}"
        )
    texts = pd.concat([read(path) for path in sources], ignore_index=True)
    if texts.empty:
        raise InputError(f"none of the collections holds a figure: {', '.join(map(str, sources))}")
    figures = pd.concat([tidy(texts, told), quoted(told)], ignore_index=True)
    figures = figures[COLUMNS].drop_duplicates().sort_values(COLUMNS, kind="stable")
    table = out / told.table
    publish(figures, table, sidecar(told))
    return [table]


def read(path: Path) -> pd.DataFrame:
    """Return a collection, one row per figure and text.

    Parameters
    ----------
    path : pathlib.Path
        The collection.

    Returns
    -------
    pandas.DataFrame of str
        The columns of :data:`NEEDED`, ``vintage`` (empty where the collection has none) and
        ``place``: the name of the file.

    Raises
    ------
    InputError
        When the file is no collection, has another column, or a value is no number.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text(",".join(NEEDED) + "\\nA,attacks,North,2024,03,attacks,5o,\\n")
    ...     read(path)
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, line 2, column 'value': found '5o', expected a number
    """
    sheet = open_sheet(path)
    vintage = ["vintage"] if "vintage" in sheet.header else []
    no_other(sheet, [*NEEDED, "vintage", "quote"])
    maybe = ["series", "region", "year", "month", "url", *vintage]
    cells = cells_of(sheet, ["source", "metric", "value"], (), maybe, empty=True)
    bad = ~cells.text["value"].str.fullmatch(f"-?{NUMBER}").astype(bool)
    if bad.any():
        row = bad.idxmax()
        raise InputError(
            f"{path.name}, line {row}, column 'value': found '{cells.text.at[row, 'value']}', "
            "expected a number"
        )
    if vintage:
        form = r"(\d{4}(-\d\d(-\d\d)?)?.*|undated)?"
        cells.refuse(~cells.text["vintage"].str.fullmatch(form), "vintage", "a day, month or year")
    frame = cells.text
    columns = [*NEEDED, "vintage"]
    return frame.assign(vintage=frame.get("vintage", ""), place=path.name)[[*columns, "place"]]


def tidy(texts: pd.DataFrame, facts: PublishedFacts) -> pd.DataFrame:
    """Return the rows of the collections in our vocabulary, one figure a row.

    Parameters
    ----------
    texts : pandas.DataFrame of str
        As :func:`read` returns them.
    facts : PublishedFacts
        The crosswalk.

    Returns
    -------
    pandas.DataFrame of str
        Columns as in :data:`~helpers.ingest.published_table.COLUMNS`.

    Raises
    ------
    InputError
        For the first figure that is not understood, with its file and address.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> text = dict.fromkeys(NEEDED, "") | {"series": "no such series", "value": "5"}
    >>> texts = pd.DataFrame([text | {"vintage": "", "place": "a.csv"}])
    >>> tidy(texts, facts)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, figure 5 from no address: the series ... is ...
    """
    stated = texts.loc[texts["vintage"] != "", ["url", "vintage"]]
    by_address = stated.groupby("url")["vintage"].agg(lambda seen: seen.mode().iloc[0]).to_dict()
    rows = [_row(text, by_address, facts) for text in texts.to_dict("records")]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(
    text: Mapping[str, str], by_address: Mapping[str, str], facts: PublishedFacts
) -> dict[str, str]:
    """Return one figure; the sentence of an error gets the file's name and the figure's address."""
    try:
        who = publisher(text["source"], facts)
        scope, series = subject(text["source"], text["series"], text["metric"], text["year"], facts)
        words = f"{text['series']} {text['metric']}"
        return {
            "source": who.source,
            "series": series,
            "scope": scope,
            "region": region(text["region"], who.source, text["year"], facts),
            "period": period(text["year"], text["month"], words, facts.periods),
            "metric": measure(text["metric"], scope, facts),
            "value": text["value"],
            "precision": precision(words, facts),
            "vintage": vintage_in_text(text, by_address),
            "via": facts.unaddressed.get(text["url"], who.via),
            "url": "" if text["url"] in facts.unaddressed else text["url"],
            "retrieved": facts.retrieved,
        }
    except InputError as error:
        where = text["url"] or "no address"
        raise InputError(f"{text['place']}, figure {text['value']} from {where}: {error}") from None


def quoted(facts: PublishedFacts) -> pd.DataFrame:
    """Return the figures that a text quotes and no collection holds.

    Parameters
    ----------
    facts : PublishedFacts
        Among them the figures as transcribed.

    Returns
    -------
    pandas.DataFrame of str
        Columns as in :data:`~helpers.ingest.published_table.COLUMNS`.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> len(quoted(facts)) == sum(len(one.figures) for one in facts.quoted)
    True
    """
    rows = [
        {
            **one.model_dump(exclude={"figures"}),
            **figure.model_dump(),
            "precision": "exact",
            "retrieved": facts.retrieved,
        }
        for one in facts.quoted
        for figure in one.figures
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
