"""The claims for machines: claims.json, and a ClaimReview that keeps to schema.org."""

import json
import re

import pytest

from helpers.base import paths
from helpers.book import reviews

# The vocabulary as the project has it; the archive's description of the project uses it too.
TERMS = json.loads(
    (paths.ROOT / "src/helpers/cli/ro-crate-1.2-context.json").read_text(encoding="utf-8")
)["@context"]
CLAIMS = [
    {
        "id": "a",
        "kind": "checkable",
        "statement": "Said </script> & done.",
        "estimand": "a ratio",
        "evidence": [{"source": "S", "key": "s.ratio", "counts": "events"}, {"source": "T"}],
    },
    {"id": "b", "statement": "Never asked."},
    {"id": "c", "statement": "Open.", "asks": "a document"},
]
RESULTS = {
    "claims.a.verdict": {"value": "Supported", "notebook": "09-x", "cell": "cell-1", "n": None},
    "claims.a.effect": {
        "value": 2.0,
        "low": 1.5,
        "high": 3.0,
        "notebook": "09-x",
        "cell": "cell-2",
    },
    "claims.count.total": {"value": 3},
    "country.claims.c.verdict": {"value": "Too few", "notebook": "09-y", "cell": "cell-3"},
    "s.ratio": {"value": 2.5, "unit": "ratio", "notebook": "03-z", "cell": "cell-4"},
}
ROW = {"commit": "f00", "date": "2026-01-02", "field": "statement", "before": "x", "after": "y"}


def every_name(told):
    if isinstance(told, dict):
        yield from (name for name in told if not name.startswith("@"))
        yield from (told["@type"],)
        for one in told.values():
            yield from every_name(one)


def test_a_record_has_claim_estimand_sources_cells_verdict_and_history():
    first, second = reviews.records(CLAIMS, RESULTS, [ROW | {"claim": "a"}, ROW | {"claim": "b"}])
    assert first["estimand"] == "a ratio" and first["history"] == [ROW]
    assert first["sources"][0]["cell"] == "notebooks/03-z.html#cell-4"
    assert first["sources"][1] == {"source": "T", "counts": ""}
    assert first["effect"]["low"] == 1.5 and "n" not in first["verdict"]
    assert second["id"] == "c" and second["estimand"] == "a document" and "history" not in second
    assert reviews.records(CLAIMS, {}) == []


@pytest.mark.parametrize("address", ["", "https://example.org/book/"])
def test_a_review_keeps_to_the_vocabulary(address):
    for one in reviews.records(CLAIMS, RESULTS):
        told = reviews.review(one, author="We", date="2026-01-02", address=address)
        unknown = {name for name in every_name(told) if name not in TERMS}
        assert unknown == set()
        assert {"claimReviewed", "reviewRating", "url", "author"} <= set(told)
        assert told["url"].startswith(address.rstrip("/")) and told["url"].count("//") <= 1
        rating = told["reviewRating"]
        assert rating["alternateName"] == one["verdict"]["value"]
        assert ("ratingValue" in rating) == (one["verdict"]["value"] == "Supported")
        assert "ratingValue" not in rating or 1 <= rating["ratingValue"] <= rating["bestRating"]


def test_pages_carry_the_reviews_of_their_own_verdicts(html):
    if not (html / reviews.FILE).exists():
        pytest.skip("the tiny project has no claims")
    records = json.loads((html / reviews.FILE).read_text(encoding="utf-8"))
    told = []
    for path in sorted((html / "notebooks").glob("*.html")):
        page = path.read_text(encoding="utf-8")
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page):
            for one in json.loads(text):
                file, _, anchor = one["url"].partition("#")
                assert file == f"notebooks/{path.name}" and f'id="{anchor}"' in page
                told.append(one["claimReviewed"])
    pages = {path.name for path in (html / "notebooks").glob("*.html")}
    asked = [
        one["claim"] for one in records if one["verdict"]["cell"][10:].partition("#")[0] in pages
    ]
    assert sorted(told) == sorted(asked) and asked
