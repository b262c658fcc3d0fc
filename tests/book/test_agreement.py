"""Front page, limits, guide, chapter of claims and plan agree with each other and the numbers.

A verdict stands where it is bound and nowhere else; its labels are those of the rule; counts of
claims, sources and chapters are results; and where a table is said to end, it ends.
"""

import json
import re

import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.reading import read_yaml
from helpers.claims.decisions import VERDICTS
from helpers.claims.plan import Checkable, parse
from helpers.prose.vocabulary import BOUND, NUMBER
from helpers.prose.words import SENTENCE, passages
from helpers.raw.contract import load

PAGES = [paths.BOOK / f"{name}.md" for name in ("index", "limits", "how-to-read")]
PAGES += sorted(paths.NOTEBOOKS.glob("09-*.ipynb"))
CLAIMS = parse(read_yaml(paths.RAW / "claims.yml"))
RESULTS = json.loads((paths.ROOT / "tests" / "baseline" / "results.json").read_text())

LABEL = "|".join(sorted(VERDICTS, key=len, reverse=True))
# Labels that a rule of this kind might have had; those that this one has are none of these.
FOREIGN = {
    *("Not identifiable", "Not testable", "Too imprecise", "One source only", "Unproven"),
    *("Cause not identified", "Confirmed", "Refuted", "Unverifiable", "Inconclusive", "Mixed"),
    *("Undecided", "Unsupported", "Mostly supported", "Partly supported", "False", "True"),
} - set(VERDICTS)
# A label is named, not given, where a clause begins with it or says that it is a word; and it
# follows a number that is bound where verdicts are counted.
NAMED = re.compile(
    rf"(?:^|[.;(]\s|\b(?:says?|said|called|labels?|words?|than|means?|into|becomes?)\s|"
    rf"{BOUND}(?: (?:are|is|rest|rests|on))*\s)[\"“]?$"
)
TYPED = re.compile(rf"\b(?:{LABEL})\b")
# In lower case the labels are ordinary words, except where one is what a claim is.
JUDGED = re.compile(
    rf"\b(?:is|are|was|were|as|stays?|remains?|judged|verdict:?|hence|thus) [\"“]?"
    rf"((?:{LABEL.lower()})(?=[\"”]?(?:[.,;:)]|$| by | in full)))"
)
ROLE = re.compile(r"\{(num|says)\}`([^`]+)`")
VERDICT_OF = re.compile(r"claims\.(\w+)\.(?:verdict|effect|sources_for)\b")
COMPARED = re.compile(r"claims\.\w+\.verdict\s*[!=]=\s*['\"]([^'\"]+)['\"]")
COUNTED = re.compile(
    rf"\b(?!one\b)(?:{NUMBER}|\d+) (?:\w+ )?"
    r"(?:claims|statements|verdicts|sources|trackers|chapters|notebooks)\b",
    re.IGNORECASE,
)
OF_THE_RULE = re.compile(r"two (?:sources )?in three(?: sources)?|fewer than two sources")
# Where tables are said to end, and the table whose end it is.
ENDS = {
    r"events by district(?: at hand| read here| in the table at hand)* end in (?P<end>\d{4})": (
        "pakistan_events"
    ),
    r"provinces by month to (?P<end>\w+ \d{4})": "province_month",
    r"groups and types of violence by month to (?P<end>\w+ \d{4})": "group_month country_month",
}
SAYS_AN_END = re.compile(
    r"\b(?:ends?|stops?) (?:in|with|at) (?:\w+ )?\d{4}|\bby month to (?:\w+ )?\d{4}"
)
ABSENT = re.compile(
    r"\bnowhere\b|\banywhere\b|does not exist|do not exist|\bnobody (?:counts|measures|knows)"
    r"|\b(?:is|are) never (?:counted|measured)|\bthere (?:is|are) no (?:data|table|series|counts?)",
    re.IGNORECASE,
)
TRACKERS = re.compile(r"\b(?:UCDP|PICSS|PIPS|CRSS|SATP|GTI|ISPR|V-Dem)\b")


def raw(path):
    """The Markdown of a page, or of a notebook's cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")


def clauses(text):
    for sentence in SENTENCE.finditer(text):
        yield " ".join(sentence[0].split())


def typed_verdicts(text):
    """Verdicts that stand typed in prose in which roles were replaced."""
    for whole in clauses(text):
        for found in TYPED.finditer(whole):
            before = whole[: found.start()]
            alone = found[0] == whole.strip(" .\u2029")  # the cell of a table
            if alone or not NAMED.search(before):
                yield f"'{found[0]}' in: {whole}"
        for found in JUDGED.finditer(whole):
            if not NAMED.search(whole[: found.start(1)]):
                yield f"'{found[1]}' in: {whole}"


def rows_that_mix(markdown):
    """Rows of tables whose verdict and effect are of different claims."""
    for row in (line for line in markdown.splitlines() if line.startswith("|")):
        verdicts = set(re.findall(r"claims\.(\w+)\.verdict", row))
        others = set(VERDICT_OF.findall(row)) - verdicts
        if verdicts and others:
            yield row


def foreign_labels(markdown):
    """Labels that the rule does not have: emphasised, quoted, compared, or counted."""
    for name in COMPARED.findall(markdown):
        if name not in VERDICTS:
            yield name
    for word in re.findall(r"\*{1,2}([A-Za-z ]+?)\*{1,2}", markdown):
        if word.strip().capitalize() in FOREIGN:
            yield word
    for key in re.findall(r"claims\.count\.(\w+)", markdown):
        if key in {one.lower().replace(" ", "_") for one in FOREIGN}:
            yield key


def typed_counts(text):
    for whole in clauses(text):
        for found in COUNTED.finditer(OF_THE_RULE.sub("", whole)):
            yield f"'{found[0]}' in: {whole}"


def last(table):
    """The last month or year of a raw table, as text."""
    dates = load(paths.RAW / f"{table}.csv")
    if table == "pakistan_events":
        return str(dates["year"].max())
    month = pd.PeriodIndex.from_fields(year=dates["year"], month=dates["month"], freq="M").max()
    return month.strftime("%B %Y")


def wrong_ends(text):
    """Ends of tables that are said and are not so, or that no table is known for."""
    known = []
    for pattern, tables in ENDS.items():
        for found in re.finditer(pattern.replace(" ", r"\s+"), text):
            known.append(found.span())
            for table in tables.split():
                if last(table) != " ".join(found["end"].split()):
                    yield f"{table} ends in {last(table)}, not: {found[0]}"
    for found in SAYS_AN_END.finditer(" ".join(text.split())):
        spans = [" ".join(text[a:b].split()) for a, b in known]
        if not any(found[0] in span for span in spans):
            yield f"no table is known for: {found[0]}"


def told(claim):
    """The sentences of a claim that speak of data: its limits, or the reason why it has no test."""
    return getattr(claim, "limits", None) or [claim.reason]


@pytest.mark.parametrize("path", PAGES, ids=lambda one: one.name)
class TestPages:
    def test_no_verdict_is_typed(self, path):
        assert [one for _, _, text in passages(path) for one in typed_verdicts(text)] == []

    def test_a_row_is_on_one_claim(self, path):
        assert list(rows_that_mix(raw(path))) == []

    def test_labels_are_those_of_the_rule(self, path):
        assert list(foreign_labels(raw(path))) == []

    def test_no_count_of_claims_sources_or_chapters_is_typed(self, path):
        assert [one for _, _, text in passages(path) for one in typed_counts(text)] == []

    def test_every_claim_that_is_named_is_in_the_plan(self, path):
        named = set(VERDICT_OF.findall(raw(path)))
        assert named <= {one.id for one in CLAIMS}

    def test_where_a_table_is_said_to_end_it_ends(self, path):
        assert list(wrong_ends(raw(path))) == []


def test_the_recorded_verdicts_are_labels_of_the_rule_and_add_up():
    verdicts = [
        RESULTS[f"claims.{one.id}.verdict"]["value"] for one in CLAIMS if isinstance(one, Checkable)
    ]
    assert set(verdicts) <= set(VERDICTS)
    assert RESULTS["claims.count.total"]["value"] == len(CLAIMS)
    assert RESULTS["claims.count.checkable"]["value"] == len(verdicts)
    assert RESULTS["claims.count.supported"]["value"] == verdicts.count("Supported")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda one: one.id)
class TestPlan:
    def test_where_a_table_is_said_to_end_it_ends(self, claim):
        assert [one for text in told(claim) for one in wrong_ends(text)] == []

    def test_what_is_not_at_hand_is_not_said_to_be_nowhere(self, claim):
        assert [text for text in told(claim) if ABSENT.search(text)] == []

    def test_a_limit_speaks_of_sources_of_its_claim(self, claim):
        if isinstance(claim, Checkable):
            rest = claim.model_dump_json(exclude={"limits", "statement"})
            named = {name for text in claim.limits for name in TRACKERS.findall(text)}
            assert named <= set(TRACKERS.findall(rest))

    def test_a_limit_counts_the_sources_that_there_are(self, claim):
        numbers = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
        for text in told(claim):
            for word in re.findall(rf"\bof the ({'|'.join(numbers)}) sources", text):
                assert numbers[word] == sum(not one.pools for one in claim.evidence)


def test_fewer_than_one_in_ten_people_live_in_the_province_of_the_limit():
    people = load(paths.RAW / "population.csv").query("level == 'province' and year == 2023")
    share = people.set_index("name")["population"] / people["population"].sum()
    assert 0 < share["Balochistan"] < 0.1


def test_limits_do_not_say_that_what_is_not_at_hand_is_nowhere():
    assert not ABSENT.search(raw(paths.BOOK / "limits.md"))


def test_typed_verdicts_are_found_and_named_labels_are_not():
    for text in (
        f"Attacks became more lethal: {VERDICTS[2]}.",
        f"The claim is *{VERDICTS[0]}* by every count.".replace("*", ""),
        f"That attacks became deadlier is {VERDICTS[2].lower()}.",
        f"{VERDICTS[0]}\u2029",
        f"Of the claims on levels, that on deaths was judged {VERDICTS[0]}.",
    ):
        assert list(typed_verdicts(text)), text
    for text in (
        f"{VERDICTS[0]}: the interval lies beyond.",
        f"{VERDICTS[2]} is an honest word.",
        f"Of these {BOUND} are {VERDICTS[0].lower()}, {BOUND} {VERDICTS[2].lower()}.",
        "An effect is there in part.",
    ):
        assert not list(typed_verdicts(text)), text


def test_foreign_labels_mixed_rows_counts_and_ends_are_found():
    foreign = sorted(FOREIGN)[0]
    assert list(foreign_labels(f"It is *{foreign}*.")) == [foreign]
    assert list(foreign_labels("{says}`claims.x.verdict == 'Proven'|holds`")) == ["Proven"]
    assert list(rows_that_mix("| a | {num}`claims.a.verdict` | {num}`claims.b.effect:.2f` |"))
    assert not list(rows_that_mix("| a | {num}`claims.a.verdict` | {num}`claims.a.effect:.2f` |"))
    assert list(typed_counts("The article makes thirty claims. We read 6 sources."))
    assert not list(typed_counts("At least two in three sources point the same way."))
    assert list(wrong_ends("the events by district at hand end in 2020"))
    assert list(wrong_ends("provinces by month to\nDecember 2023"))
    assert list(wrong_ends("Their counts end in 2019."))
    assert not list(wrong_ends("the events by district at hand end in 2021"))
