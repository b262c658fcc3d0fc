"""A Sphinx extension that tells the claims to machines: ``claims.json``, a ClaimReview for each.

What a claim says and asks stands in the table of claims, what was found in the results. The page
whose notebook drew a verdict carries its review in the words of schema.org.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helpers.base.files import write_json
from helpers.base.reading import read_json, read_yaml
from helpers.book import opening

FILE = "claims.json"
VERDICT = re.compile(r"(?:country\.)?claims\.([^.]+)\.verdict")
# A rating is a number only where the claim was decided; what stays open has a word alone.
RATINGS = {"Contradicted": 1, "Not supported": 2, "Partly": 3, "Supported": 4}
CARDS = "cards.open"  # recorded by the chapter in which each claim has a card
MEASURED = ("value", "low", "high", "n", "unit")
SCHEMA = "https://schema.org"


def _found(results: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, Any]:
    """Return what a result says and where it was computed."""
    one = results.get(key, {})
    told = {name: one[name] for name in MEASURED if one.get(name) not in (None, "")}
    if "cell" in one:
        told["cell"] = f"notebooks/{one['notebook']}.html#{one['cell']}"
    return told


def records(
    claims: Iterable[Mapping[str, Any]],
    results: Mapping[str, Mapping[str, Any]],
    amendments: Iterable[Mapping[str, str]] = (),
) -> list[dict[str, Any]]:
    """Return what is known of each claim that has a verdict.

    Parameters
    ----------
    claims : iterable of mapping
        Rows of the table of claims.
    results : mapping of str to mapping
        What the run recorded.
    amendments : iterable of mapping
        Rows with ``claim``, ``commit``, ``date``, ``field``, ``before`` and ``after``.

    Returns
    -------
    list of dict
        Claim, estimand, sources with their results and cells, verdict and history, in the order of
        the claims.

    Examples
    --------
    >>> results = {"claims.a.verdict": {"value": "Partly", "notebook": "09-x", "cell": "c-1"}}
    >>> one, = records([{"id": "a", "statement": "Words."}, {"id": "b"}], results)
    >>> one["verdict"], one["claim"]
    ({'value': 'Partly', 'cell': 'notebooks/09-x.html#c-1'}, 'Words.')
    """
    verdicts = {found[1]: key for key in results if (found := VERDICT.fullmatch(key))}
    history = list(amendments)
    chapter = results.get(CARDS, {}).get("notebook")
    card = f"notebooks/{chapter}.html#claim-{{}}" if chapter else ""
    made = []
    for claim in claims:
        if not (key := verdicts.get(claim["id"])):
            continue
        one = {
            "id": claim["id"],
            "kind": claim.get("kind", ""),
            "claim": claim.get("statement", ""),
            "place": claim.get("place", ""),
            "estimand": claim.get("estimand") or claim.get("asks", ""),
            "sources": [
                {"source": source["source"], "counts": source.get("counts", "")}
                | _found(results, source.get("key", ""))
                for source in claim.get("evidence", [])
            ],
            "effect": _found(results, key.removesuffix("verdict") + "effect"),
            "verdict": _found(results, key),
            "card": card.format(claim["id"].replace("_", "-")),
            "limits": claim.get("limits", []),
            "history": [
                {name: row[name] for name in ("date", "commit", "field", "before", "after")}
                for row in history
                if row["claim"] == claim["id"]
            ],
        }
        made.append({name: value for name, value in one.items() if value not in ("", [], {})})
    return made


def judged_by(told: Iterable[Mapping[str, Any]], chapter: str) -> list[tuple[str, str, str]]:
    """Return the claims that rest on what a chapter recorded.

    Parameters
    ----------
    told : iterable of mapping
        As of :func:`records`.
    chapter : str
        The name of its notebook.

    Returns
    -------
    list of (str, str, str)
        Verdict, statement, and the address of the card from a page beside it, else of the verdict;
        those first whose primary result it is.

    Examples
    --------
    >>> one = {"claim": "More.", "verdict": {"value": "Partly", "cell": "notebooks/09-x.html#c-1"}}
    >>> one["sources"] = [{"cell": "notebooks/03-a.html#c-1"}, {"cell": "notebooks/04-b.html#c-2"}]
    >>> judged_by([one], "04-b"), judged_by([one], "05-c")
    ([('Partly', 'More.', '09-x.html#c-1')], [])
    """
    found = []
    for one in told:
        cells = [source.get("cell", "") for source in one.get("sources", [])]
        places = [at for at, cell in enumerate(cells) if cell.startswith(f"notebooks/{chapter}.")]
        if places:
            address = one.get("card") or one["verdict"].get("cell", "")
            words = (one["verdict"]["value"], one["claim"], address.removeprefix("notebooks/"))
            found.append((places[0] > 0, words))
    return [words for _, words in sorted(found, key=lambda pair: pair[0])]


def review(record: Mapping[str, Any], *, author: str, date: str, address: str) -> dict[str, Any]:
    """Return the review of a claim in the vocabulary of schema.org.

    Parameters
    ----------
    record : mapping
        As of :func:`records`.
    author : str
        Who reviewed.
    date : str
        The day it was published, as ``2026-11-24``; empty where it is not known.
    address : str
        The address of the pages; empty where there is none.

    Returns
    -------
    dict
        A ``ClaimReview``; its address begins at the book where the pages have none.
    """
    verdict = record["verdict"]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": verdict["value"]}
    if (value := RATINGS.get(verdict["value"])) is not None:
        best, worst = max(RATINGS.values()), min(RATINGS.values())
        rating |= {"ratingValue": value, "bestRating": best, "worstRating": worst}
    told = {
        "@context": SCHEMA,
        "@type": "ClaimReview",
        "url": "/".join(filter(None, [address.rstrip("/"), verdict.get("cell", "")])),
        "claimReviewed": record["claim"],
        "author": {"@type": "Organization", "name": author},
        "itemReviewed": {"@type": "Claim", "name": record["claim"]},
        "reviewRating": rating,
    }
    return told | ({"datePublished": date} if date else {})


def of_run(run: Any, results: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the records of a run, whose stages name the table of claims among what they read.

    Parameters
    ----------
    run : Run
        The run.
    results : mapping of str to mapping
        What it recorded.

    Returns
    -------
    list of dict
        As of :func:`records`; empty where no stage reads claims.

    Raises
    ------
    InputError
        When a table cannot be read.
    """
    from helpers.raw.contract import load
    from helpers.run.table import raw_tables

    tables = raw_tables(run.table)
    files = [one for one in tables if one.name == "claims.yml" or one.parent.name == "claims"]
    amended = [one for one in tables if one.name == "amendments.csv"]
    claims = [claim for path in files for claim in read_yaml(path) or []]
    frames = [load(path).astype("string").fillna("") for path in amended]
    rows = [row for frame in frames for row in frame.to_dict("records")]
    return records(claims, results, rows)


def _add(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    date = str(opening.cited().get("date-released", ""))
    reviews = [
        review(one, author=app.config.author, date=date, address=app.config.html_baseurl)
        for one in app.compendium_claims
        if one["verdict"].get("cell", "").partition(".html#")[0] == page
    ]
    if reviews and app.builder.name == "html":
        text = json.dumps(reviews, ensure_ascii=False).replace("<", "\\u003c")
        up = "../" * page.count("/")
        context["metatags"] = (
            f"{context.get('metatags', '')}\n"
            f'<link rel="alternate" type="application/json" href="{up}{FILE}">\n'
            f'<script type="application/ld+json">{text}</script>'
        )


def _write(app: Any, failed: Exception | None) -> None:
    if failed is None and app.builder.name == "html" and app.compendium_claims:
        write_json(Path(app.outdir) / FILE, app.compendium_claims)


def setup(app: Any) -> dict[str, Any]:
    """Read the claims that stand beside the pages as ``claims.json``.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; a book without claims has none to tell.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    file = Path(app.srcdir) / FILE
    app.compendium_claims = read_json(file) if file.exists() else []
    app.connect("html-page-context", _add)
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
