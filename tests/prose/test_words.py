"""Words of quantity and rank are bound, or allowed with a reason; one that is neither is found."""

import itertools
import json

import pytest

from helpers.base.errors import InputError
from helpers.prose import vocabulary, words
from helpers.prose.digits import prose

SHARES = [
    *("Most of", "Nearly all of", "A fifth of", "Half of", "Two thirds of", "The majority of"),
    *("More than half of", "A minority of", "Three in four of", "One in five of", "None of"),
    *("Hardly any of", "Almost none of", "The bulk of", "Seven out of ten of", "All but two of"),
    *("Nine of the ten first of", "Dozens of", "Fewer than half of", "A tenth of"),
]
WHOM = ["the dead", "the attacks", "those who died", "the districts", "its victims", "them"]
CLAIMS = [
    "Every source agrees.",
    "All sources agree.",
    "All five trackers show it.",
    "No tracker shows a fall.",
    "No province was spared.",
    "Seven sources are compared.",
    "The few attacks that hit towns killed civilians.",
    "Many districts saw it.",
    "It was the deadliest province.",
    "It is the highest of the bars.",
    "The bar is among the shortest.",
    "The last series carries it.",
    "2024 was the worst year.",
    "Violence had never before reached that level.",
    "It was a record year.",
    "The peak came later.",
    "It is by far the main cause.",
    "Attacks rose in the west.",
    "Deaths fell.",
    "Casualties had nearly doubled.",
    "The toll halved.",
    "Deaths tripled within a year.",
    "Incidents became deadlier.",
    "There were more attacks than in 2023.",
    "Attacks were deadlier in 2024 than in 2023.",
    "It killed twice as many.",
    "There was a tenfold rise.",
    "It hit soldiers three times as often.",
    "Militants outnumbered civilians.",
    "Deaths exceeded those of 2009.",
    "Violence went up again.",
    "Both intervals hold one.",
    "Neither comes first.",
    "Nobody disputes it.",
    "The victims were mostly civilians.",
    "The dead were mainly soldiers.",
    "Women were rarely among the dead.",
    "Bars rise to 2012.",
    "Thousands of people fled.",
    "Violence is always worse in spring.",
    "Forty per cent were soldiers.",
    "The sources disagree.",
    "Two provinces hold it.",
    "Fewer people died.",
]
HARMLESS = [
    "It takes at most a minute, at least a second.",
    "The most recent version is used.",
    "One of the tables is ours.",
    "All of this is code.".replace("All of this", "This, after all,"),
    "Every number in these pages is computed.",
    "Every page has a title, and each chapter has exercises.",
    "Use this rather than that, or none the less that.".replace("none the less ", ""),
    "Did attacks become deadlier, and were most of the dead civilians?",
    "Whether violence rose, we ask below.",
    "If the attacks rose, the test should find more.",
    "How many died is told below.",
    "Deaths rose by {num}`a.b` %.",
    "The level was {num}`a.b` times as high.",
    "In {num}`a.b` of {num}`a.c` series it fell to {num}`a.d`.",
    "The article says that most of the dead were civilians.",
    "The test of interest is the latest request of the west.",
    "One error in twenty is one time in twenty.".replace("One error in twenty is", "It errs"),
    "Two-sided tests and least squares are used.",
    "Once more, it is more or less done; above all, read on.",
    "We may find more.",
    "A new page is made first, then the second chapter.",
    "The first month is January.",
    "Half a year is short.",
    "{says}`a.b > 50|Most` of the dead were civilians.",
    "`most` is code, and $most$ an equation.",
    "[here](most.md)",
    "A policy answers violence.",
    "The other members of the team read the paper together.",
]


def found(markdown):
    return [word for _, word, _ in words.unbound(prose(markdown, words._role))]


@pytest.mark.parametrize(("share", "whom"), list(itertools.product(SHARES, WHOM)))
def test_a_share_of_anything_is_found(share, whom):
    assert found(f"In that year, {share.lower()} {whom} were civilians.")


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(
    "place",
    [
        "{}",
        "# {}",
        "> {}",
        "- an item\n- {}",
        "| a | b |\n|---|---|\n| c | {} |",
        ":::{{caption}} x\n:alt: {}\nWords.\n:::",
        ":::{{caption}} x\n:alt: Words.\n{}\n:::",
        "```{{figure}} x.svg\n:alt: {}\n\nWords.\n```",
        "<p>{}</p>",
        "**{}**",
    ],
)
def test_a_claim_is_found_wherever_it_stands(claim, place):
    assert found(place.format(claim))


def test_a_claim_is_found_across_the_end_of_a_line():
    (one,) = words.unbound(prose("It is said\nthat nearly\nall of them died."))
    assert one == (16, "nearly all", "It is said that nearly all of them died.")


@pytest.mark.parametrize("sentence", HARMLESS)
def test_ordinary_english_and_bound_words_pass(sentence):
    assert found(sentence) == []


def test_a_cell_of_a_table_that_asks_hides_no_claim_beside_it():
    table = (
        "| question | answer |\n|---|---|\n| Did they rise? | Deaths rose. |\n| if so | they fell |"
    )
    assert found(table) == ["rose", "fell"]


@pytest.mark.parametrize(
    "code",
    [
        'axes.set_title("Most of the dead were civilians")',
        'figure.suptitle(f"{where}: most of the dead")',
        'plt.title("most")',
        'panels[0].set(xlabel="x", title="Most of the dead")',
        'forest(table, title="Most of the dead")',
        'axes.annotate("most died here", (1, 2))',
        'axes.text(1, 2, "most died here")',
        'axes.plot(x, label="most of them")',
        'stage.figure(f, "a-1", caption="Most died.", alt="x")',
        'stage.figure(f, "a-1", caption="x", alt="Most died.")',
    ],
)
def test_what_code_writes_into_a_figure_is_read(tmp_path, code):
    path = tmp_path / "05-x.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": f"x = 1\n{code}"}]}))
    (one,) = words.in_file(path, [])
    assert (one.place, one.word.lower()) == ("05-x.ipynb, cell 1, line 2", "most")


def test_words_that_follow_the_data_pass(tmp_path):
    path = tmp_path / "05-x.ipynb"
    code = 'axes.set_title("Most" if share > 0.5 else "Few")\nkeep("Most of them")'
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": code}]}))
    assert words.in_file(path, []) == []


def test_an_allowed_phrase_settles_its_own_words_alone_and_fails_when_idle(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("# Title\n\nTwo\nrebuilds give the same, most\nof the time. Most died.")
    assert [one.word for one in words.in_file(path, [])] == ["most", "Most"]
    (rest,) = words.in_file(path, ["the same, most of the time"])
    assert (rest.place, rest.word) == ("page.md, line 5", "Most")
    *_, idle = words.in_file(path, ["most of the day"])
    said = "allowed-words.yml: 'most of the day' is an entry that its page does not need: page.md"
    assert str(idle) == said


@pytest.mark.parametrize(
    "entry",
    [
        {"page": "a.md", "phrases": ["most"]},
        {"page": "a.md", "reason": "x"},
        {"phrases": ["most"], "reason": "x"},
    ],
)
def test_an_entry_without_page_phrases_or_reason_is_refused(tmp_path, entry):
    path = tmp_path / "allowed-words.yml"
    path.write_text(json.dumps([{"page": "a.md", "phrases": ["x"], "reason": "y"}, entry]))
    with pytest.raises(InputError, match=r"entry 2: needs a page, phrases and a reason"):
        words.allowed(path)


@pytest.mark.house
def test_the_book_has_no_unbound_word():
    assert [str(one) for one in words.findings()[0]] == []


@pytest.mark.parametrize(
    "word", ["deadliest", "bloodiest", "hardest", "longest", "strongest", "earliest", "safest"]
)
def test_a_superlative_is_found_by_its_end(word):
    assert found(f"It was the {word}.") == [word]


def test_every_family_is_drawn_by_a_claim():
    drawn = {
        name
        for claim in CLAIMS + SHARES
        for name, pattern in words.FAMILIES.items()
        if pattern.search(claim)
    }
    assert drawn == set(vocabulary.FOUND)
