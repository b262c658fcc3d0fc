"""Cards of claims in a browser: all of them, fewer of them, and judged by another's choices."""

import pytest

from helpers.base import paths
from helpers.claims.cards import Card, cards
from helpers.claims.choices import led_by, read_with, widened, with_smallest
from helpers.claims.panel import panel
from helpers.claims.plan import Checkable, Evidence, Untestable, Variant
from helpers.claims.rule import judge_all

SOURCES = ["A", "B", "C"]
STATIC = paths.BOOK / "_static"
RESULTS = {
    "t.a": {"value": 1.5, "low": 1.2, "high": 1.9},
    "t.b": {"value": 1.4, "low": 1.05, "high": 1.8},
    "t.c": {"value": 0.9, "low": 0.7, "high": 1.15},
    "t.c_victims": {"value": 0.7, "low": 0.6, "high": 0.8},
}


def claim(name, lead, **about):
    """A claim that three sources speak on, one of them first."""
    rest = [one for one in "abc" if one != lead]
    other = [Variant(what="scope", key="t.c_victims")]
    heard = [
        Evidence(
            source=one.upper(),
            key=f"t.{one}",
            counts="deaths",
            variants=other if one == "c" else [],
        )
        for one in (lead, *rest)
    ]
    usual = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    usual |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact", "family": "level"}
    usual |= {"identification": "descriptive", "effect_unit": "ratio", "place": "the end"}
    usual |= {"statement": f"There is <more> {name}.", "kind": "checkable"}
    return Checkable.model_construct(id=name, evidence=heard, **(usual | about))


CLAIMS = [
    claim("by_a", "a"),
    claim("by_b", "b", family="place"),
    claim("by_c", "c", family="place"),
    Untestable(kind="untestable", id="luck", statement="Luck.", place="end", reason="No count."),
]


@pytest.fixture
def page(browser):
    opened = browser.new_page()
    opened.said = []
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    verdicts = judge_all(CLAIMS, RESULTS, SOURCES)
    beside = {"by_a": Card("", 0.95, ("to Partly if A is dropped",))}
    html = cards(CLAIMS, verdicts, beside, panel(CLAIMS, RESULTS, SOURCES))
    scripts = "".join(
        f"<script>{(STATIC / name).read_text(encoding='utf-8')}</script>"
        for name in ("rule.js", "cards.js")
    )
    opened.set_content(f"<!doctype html><title>x</title>{scripts}<main>{html}</main>")
    yield opened
    assert opened.said == []
    opened.close()


def words(page):
    heads = page.locator(".claim-card .claim-head > .verdict").all_inner_texts()
    return [one.split(" ", 1)[1] for one in heads]


def by_python(factor, inflation, chosen, lead="", read=""):
    verdicts = []
    for one in CLAIMS:
        if isinstance(one, Checkable):
            other = with_smallest(read_with(one, read), factor)
            other = led_by(other, lead) if lead else other
            verdicts += judge_all([other], widened(other, RESULTS, inflation), chosen)
        else:
            verdicts += judge_all([one], RESULTS, chosen)
    return [one.verdict for one in verdicts]


def test_without_a_choice_the_cards_say_what_the_rule_says(page):
    assert words(page) == by_python(1, 1, SOURCES)
    assert len(set(words(page))) == 4
    assert page.locator(".claim-card").first.inner_text().count("<more>") == 1
    assert "All verdicts as written" in page.locator(".claim-status").inner_text()


def test_fewer_cards_are_shown_by_verdict_and_by_part(page):
    page.get_by_label("Part of the article").select_option(label="Where")
    assert page.locator(".claim-card:visible").count() == 2
    page.get_by_role("combobox", name="Verdict").select_option(label=words(page)[1])
    assert page.locator(".claim-card:visible").count() == 1
    assert page.locator(".claim-status").inner_text().startswith("1 of 4")


def test_verdicts_follow_the_choices_of_a_reader_at_once(page):
    page.locator(".claim-choices summary").click()
    page.get_by_label("Smallest effect that matters").fill("5")
    assert words(page) == by_python(2, 1, SOURCES) != by_python(1, 1, SOURCES)
    page.get_by_label("Inflation of the intervals").fill("7")
    assert words(page) == by_python(2, 4, SOURCES)
    page.get_by_label("B", exact=True).uncheck()
    assert words(page) == by_python(2, 4, ["A", "C"])
    page.get_by_label("Primary source").select_option("C")
    assert words(page) == by_python(2, 4, ["A", "C"], "C")
    assert "as written" in page.locator(".turned").first.inner_text()
    counts = [int(one) for one in page.locator(".verdict-legend b").all_inner_texts()]
    assert sum(counts) == len(CLAIMS)
    page.get_by_role("button", name="As written").click()
    assert words(page) == by_python(1, 1, SOURCES) and page.locator(".turned").count() == 0


def test_another_definition_of_the_primary_source_can_be_read(page):
    before = words(page)
    page.get_by_label("Read with").select_option(label="another definition of who counts")
    assert [one == other for one, other in zip(before, words(page))] == [True, True, False, True]


def test_every_claim_can_be_read_with_the_other_results_of_a_kind(page):
    before = words(page)
    page.locator(".claim-choices summary").click()
    page.get_by_label("Results read").select_option("scope")
    assert words(page) == by_python(1, 1, SOURCES, read="scope") != before
    assert page.get_by_label("Results read").locator("option").count() == 2
    page.get_by_role("button", name="As written").click()
    assert words(page) == before


def test_the_strip_follows_the_inflation(page):
    strip = page.locator(".claim-strip").first
    before = strip.get_attribute("aria-label")
    page.locator(".claim-choices summary").click()
    page.get_by_label("Inflation of the intervals").fill("7")
    assert strip.get_attribute("aria-label") != before
