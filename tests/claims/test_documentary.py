"""Claims that documents decide: the rule case by case, who counts, and rows that are refused."""

import itertools

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.claims.decisions import ONE_SOURCE, VERDICTS
from helpers.claims.documentary import heard, judge_documents, overview
from helpers.claims.documents import Document, Documentary, read_documents
from helpers.claims.plan import parse
from helpers.claims.rule import judge, judge_all
from helpers.raw.contract import load

STANCE = {"+": "bears_out", "~": "qualifies", "-": "contradicts"}


def claim(**change) -> Documentary:
    entry = {
        "kind": "documentary",
        "id": "met",
        "statement": "They met.",
        "place": "first page",
        "asks": "that they met",
        "limits": ["one day"],
    }
    return parse([entry | change])[0]


def document(publisher="A", stance="+", **change) -> Document:
    row = {
        "claim": "met",
        "date": "2024-06-24",
        "publisher": publisher,
        "kind": "press",
        "stance": STANCE[stance],
        "says": "they met",
        "url": "https://a.org/1",
        "retrieved": "2026-11-26",
    }
    return Document.model_validate(row | change)


def documents(voices: str) -> list[Document]:
    """Documents from words such as "A+ B-": a publisher and its stance."""
    return [document(word[:-1], word[-1]) for word in voices.split()]


def verdict(voices: str, **change) -> str:
    return judge_documents(claim(**change), documents(voices)).verdict


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        ("", ONE_SOURCE),
        ("A+", ONE_SOURCE),
        ("A-", ONE_SOURCE),
        ("A~", ONE_SOURCE),
        ("A+ B+", "Supported"),
        ("A+ B+ C+", "Supported"),
        ("A+ B~", "Partly"),
        ("A~ B~", "Partly"),
        ("A+ B+ C~", "Partly"),
        ("A+ B+ C-", "Partly"),
        ("A+ B+ C~ D-", "Partly"),
        ("A+ B-", "Not supported"),
        ("A~ B-", "Not supported"),
        ("A+ B- C-", "Not supported"),
        ("A+ B+ C- D-", "Not supported"),
        ("A- B-", "Contradicted"),
        ("A- B- C~", "Contradicted"),
    ],
)
def test_the_rule_case_by_case(voices, expected):
    assert verdict(voices) == expected


def test_two_statements_of_one_publisher_count_once():
    assert verdict("A+ A+ A+") == ONE_SOURCE
    assert verdict("A- A- B+") == "Not supported"
    assert judge_documents(claim(), documents("A+ A+ B+")).reasons == ("2 for",)


def test_a_publisher_that_says_both_qualifies():
    assert heard(claim(), documents("A+ A- B+")) == {"A": "qualifies", "B": "bears_out"}
    assert verdict("A+ A- B+") == "Partly"


@pytest.mark.parametrize(
    ("voices", "gains", "loses", "expected"),
    [
        ("A+", ["A"], [], ONE_SOURCE),
        ("A+ B+", ["A", "B"], [], ONE_SOURCE),
        ("A+ B+", ["A"], [], "Supported"),
        ("A+ B+ C+ D-", ["A", "B"], [], "Partly"),
        ("A+ B+ C- D-", ["A", "B"], [], "Contradicted"),
        ("A+ B+ C-", [], ["C"], "Supported"),
        ("A+ B+ C- D-", [], ["C", "D"], "Supported"),
        ("A+ B+ C- D-", [], ["C"], "Not supported"),
        ("C- D-", [], ["C", "D"], ONE_SOURCE),
        ("A- B+", ["A"], [], "Not supported"),
        ("A+ B+", [], ["A"], "Supported"),
    ],
)
def test_a_party_in_its_own_cause_establishes_nothing_alone(voices, gains, loses, expected):
    assert verdict(voices, gains=gains, loses=loses) == expected


def test_who_speaks_in_their_own_cause_alone_is_named():
    found = judge_documents(claim(loses=["C"]), documents("A+ B+ C-"))
    assert found.reasons == ("2 for", "in their own cause alone: C")
    found = judge_documents(claim(gains=["A"]), documents("A+"))
    assert found.reasons[0] == "no publisher whose word can count was found"


VOICES = st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("+~-")), max_size=8)
SIDES = st.sets(st.sampled_from("ABCDE"), max_size=3)


@given(VOICES, SIDES, st.randoms())
def test_order_and_repetition_change_nothing(voices, gains, shuffler):
    rows = [document(*one) for one in voices]
    once = judge_documents(claim(gains=sorted(gains)), rows).verdict
    again = rows + rows
    shuffler.shuffle(again)
    assert judge_documents(claim(gains=sorted(gains)), again).verdict == once
    assert once in VERDICTS


@given(VOICES, SIDES, SIDES)
def test_nothing_is_supported_without_somebody_who_has_nothing_to_gain(voices, gains, loses):
    one = claim(gains=sorted(gains), loses=sorted(loses - gains))
    rows = [document(*voice) for voice in voices]
    said = heard(one, rows)
    found = judge_documents(one, rows).verdict
    free = [name for name, stance in said.items() if stance == "bears_out" and name not in gains]
    against = [
        name
        for name, stance in said.items()
        if stance == "contradicts" and name not in loses - gains
    ]
    if found == "Supported":
        assert free and not against
    if found == "Contradicted":
        assert against and not free


def test_only_the_documents_of_a_claim_are_heard():
    others = [document("B", claim="parted"), document("C", claim="parted")]
    assert judge_documents(claim(), [document(), *others]).verdict == ONE_SOURCE


def test_the_rule_of_measurements_passes_a_documentary_claim_on():
    both = documents("A+ B+")
    assert judge(claim(), {}, [], both).verdict == "Supported"
    assert judge(claim(), {}, []).verdict == ONE_SOURCE
    assert [one.verdict for one in judge_all([claim()], {}, [], iter(both))] == ["Supported"]


def test_the_table_names_publishers_by_what_they_say_and_when():
    rows = [*documents("A+ B~ C- D+"), document("D", date="2025")]
    row = overview([claim(loses=["C"])], rows).iloc[0]
    assert (row["bears_out"], row["qualifies"]) == ("A (2024-06), D (2024-06, 2025)", "B (2024-06)")
    assert row["contradicts"] == "C (2024-06)"
    assert row["verdict"] == "Partly" and "own cause alone: C" in row["why"]
    assert overview([], []).empty


def table(**change) -> pd.DataFrame:
    rows = [document("A").model_dump(), document("B").model_dump()]
    rows[1] |= change
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stance": "denies"}, r"column 'stance': found 'denies', expected 'bears_out', "),
        ({"kind": "blog"}, r"column 'kind': found 'blog', expected 'government', "),
        ({"date": "24 June"}, r"column 'date': found '24 June', expected a date such as 2024-06"),
        ({"date": "2024-13"}, r"column 'date': found '2024-13'"),
        ({"url": "dawn.com/news/1"}, r"column 'url': found 'dawn.com/news/1', expected an address"),
        ({"says": ""}, r"column 'says': found nothing, expected a value"),
        ({"publisher": None}, r"column 'publisher': found nothing, expected a value"),
        ({"claim": "mett"}, r"column 'claim': 'mett' is no claim .*; did you mean 'met'\?"),
        ({"retrieved": "2024-06-01"}, r"column 'retrieved': 2024-06-01 is before 2024-06-24"),
        ({"publishers": "C"}, r"unknown column 'publishers'; did you mean 'publisher'\?"),
    ],
)
def test_a_bad_row_is_one_sentence_with_file_row_and_column(change, said):
    with pytest.raises(InputError, match=said) as caught:
        read_documents(table(**change), [claim()])
    told = str(caught.value)
    assert "\n" not in told
    # An unknown column stands in the first row as well, where it is empty.
    assert told.startswith(
        "documents.csv, row 2" if "publishers" in change else "documents.csv, row 3"
    )


@pytest.mark.parametrize("retrieved", ["2024", "2024-06", "2024-06-24", "2025"])
def test_a_document_may_be_read_in_the_month_in_which_it_was_said(retrieved):
    assert len(read_documents(table(retrieved=retrieved), [claim()])) == 2


@pytest.mark.parametrize("side", ["gains", "loses"])
def test_a_side_that_says_nothing_is_refused(side):
    with pytest.raises(InputError, match=rf"claim 'met', {side}: 'Aa' says nothing .*mean 'A'"):
        read_documents(table(), [claim(**{side: ["Aa"]})])


def test_nobody_stands_on_both_sides():
    with pytest.raises(InputError, match="claim 'met': 'A' stands in 'gains' and in 'loses'"):
        read_documents(table(), [claim(gains=["A"], loses=["A"])])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ask": "x"}, r"claim 'met': unknown field 'ask'; did you mean 'asks'\?"),
        ({"gains": "A"}, r"claim 'met', gains"),
        ({"limits": []}, r"claim 'met', limits"),
        ({"asks": ""}, r"claim 'met', asks"),
    ],
)
def test_a_wrong_documentary_claim_is_one_sentence(change, said):
    with pytest.raises(InputError, match=said):
        claim(**change)


def shipped() -> tuple[list, list[Document]]:
    claims = parse(yaml.safe_load((paths.RAW / "claims.yml").read_text(encoding="utf-8")))
    return claims, read_documents(load(paths.RAW / "documents.csv"), claims)


def test_the_shipped_documents_hold_their_contract():
    claims, rows = shipped()
    documentary = [one for one in claims if isinstance(one, Documentary)]
    assert len(documentary) >= 8 and len(rows) >= 2 * len(documentary)
    for one in rows:
        assert len(one.says.split()) <= 40  # a paraphrase, no copy of a page
    for one, other in itertools.pairwise(row.claim for row in rows):
        assert one <= other  # a reader finds the documents of a claim together
