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
    "Nowhere was violence as frequent as in the north.",
    "Nowhere else do so many die.",
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
MORE = """
Three in four victims were policemen.
The majority of attacks hit soldiers.
One in five bombs failed.
Balochistan was the deadliest province.
Never before had so many died.
All sources agree that it grew.
More than half the dead were militants.
Most of the dead were civilians.
Civilians made up most of the toll.
The bulk of the violence sits in two provinces.
Two-thirds of the attacks took place in the south.
A third of all victims were children.
Roughly half the districts saw no attack.
Over half of them were soldiers.
The overwhelming majority died in bombings.
Violence is concentrated almost entirely in KP.
Nine out of ten attacks went unclaimed.
Attacks were up sharply.
Deaths were down by a lot.
It was the bloodiest year in a decade.
The year was deadlier than any since 2014.
No year was worse.
No other province comes close.
Khyber Pakhtunkhwa leads all provinces.
Khyber Pakhtunkhwa tops the list.
The TTP killed more people than all others together.
The toll more than doubled.
Attacks have become rarer.
There were hardly any attacks in Punjab.
Only a handful of districts were hit.
Only one source shows a fall.
Almost every series shows it.
The share of civilians shrank.
Fatalities soared.
The trend is upward in every source.
The vast majority are men.
The fewest attacks came in June.
The lowest count is that of 2019.
The last bar is the tallest.
The bar is the second highest of them.
The estimate is among the largest.
It ranks first.
It ranks third among the sources.
A quarter of attacks were in Karachi.
One quarter of the attacks
Four fifths were civilians.
Eighty percent were soldiers.
Half were soldiers.
Civilians outnumber soldiers two to one.
Soldiers died twice as often as civilians.
Half as many died as in 2023.
Deaths in 2024 exceeded those in 2023.
Suicide bombings are responsible for the largest share.
Sources unanimously report a rise.
Both series rise.
Neither series falls.
None of the sources shows it.
Not one source disagrees.
Not a single district was spared.
Nobody else counted fewer.
Violence increased year after year.
The number of attacks has been increasing since 2021.
Deaths keep rising.
Attacks are rising.
A surge in attacks followed.
There was a sharp increase in violence.
A drop in deaths came in May.
Fewer civilians died in 2024.
More soldiers than civilians died.
Civilians were the main victims.
The main victims were soldiers.
The greatest danger is IEDs.
The top three provinces hold 90.
A small minority of attacks kill many.
A few attacks kill dozens.
Few attacks kill anyone.
Several dozen people died.
Scores of people were killed.
A large part of the dead were militants.
A tiny fraction of events are deadly.
The lion's share of deaths is theirs.
Plenty of attacks go unreported.
Deaths hit an all-time high.
Violence reached its peak in 2009.
Attacks peaked in 2009.
It is unprecedented.
It was the first time since 2014 that deaths passed that mark.
A record number of soldiers died.
The count is higher in 2024.
It is higher for attacks.
The ratio is larger in PICSS.
The PICSS estimate is smaller.
Attacks tripled.
Threefold growth.
Militants account for the greater part.
Mostly civilians.
Everywhere violence rose.
Violence rarely spares Balochistan.
It seldom falls.
Attacks usually kill one person.
Typically, attacks kill soldiers.
In general, sources agree.
Overall violence is up.
Most bombs were planted by the TTP.
Punjab is hardly touched.
Civilians suffered worst.
Soldiers paid the highest price.
In no month did fewer than ten die.
Every bar points upward.
Every dot lies to the right of the line.
The violence is mostly in two districts.
This was the third deadliest year on record.
Attacks nearly doubled in Balochistan.
Sindh accounts for one tenth of it.
Two out of three attacks were IEDs.
By far the largest toll is Peshawar's.
The state killed more than it lost.
Militants were the majority.
The figure doubled, then halved.
Four in ten were children.
Every single tracker counts more.
None shows a decline.
All trackers rose.
Nearly every attack was claimed.
Fewer than a third were claimed.
Just under half survived.
Deaths grew faster than attacks.
Attacks grew faster than deaths.
The rise is steepest in KP.
No group killed as many.
The TTP is the most lethal group.
Bajaur saw the most attacks.
It was the worst month since 2014.
For the first time, Balochistan leads.
The tallest bar is 2009.
In the west, where attacks doubled, nobody was charged.
It was the spring when deaths fell.
The decline in deaths continued.
There was an increase in attacks.
The decade's lowest point came in 2019.
The median attack kills none.
A dozen districts hold the rest.
Scarcely a week passed without a bombing.
Not all sources agree.
The sources agree on the direction.
Seven of the eight series rose.
Both trackers saw a rise.
The last series is a control.
The first two series move together.
Violence has never been higher.
Since 2021 attacks have quadrupled.
The dead are overwhelmingly men.
Casualties among police outnumbered those among soldiers.
Five times as many soldiers died.
As many soldiers as civilians died.
Equal numbers of soldiers and civilians died.
""".strip().splitlines()
HARMLESS = [
    "It takes at most a minute, at least a second.",
    "The most recent version is used.",
    "One of the tables is ours.",
    "This, after all, is code.",
    "Every number in these pages is computed.",
    "Every page has a title, and each chapter has exercises.",
    "Use this rather than that, or more or less that.",
    "Did attacks become deadlier, and were most of the dead civilians?",
    "Whether violence rose, we ask below.",
    "If the attacks rose, the test should find more.",
    "How many died is told below.",
    "Deaths rose by {num}`a.b` %.",
    "The level was {num}`a.b` times as high.",
    "In {num}`a.b` of {num}`a.c` series it fell to {num}`a.d`.",
    "The article says that most of the dead were civilians.",
    "The test of interest is the latest request of the west.",
    "It errs one time in twenty.",
    "Two-sided tests and least squares are used.",
    "Once more, it is more or less done; above all, read on.",
    "We may find more.",
    "A rise in deaths is not a rise in harm.",
    "A new page is made first, then the second chapter.",
    "The first month is January.",
    "Half a year is short.",
    "{says}`a.b > 50|Most` of the dead were civilians.",
    "`most` is code, and $most$ an equation.",
    "[here](most.md)",
    "A policy answers violence.",
    "The other members of the team read the paper together.",
    "This is how the table was made.",
    "The build takes a few minutes at most.",
    "The tests are run in order, one after another.",
    "A reader who wants more detail finds it below.",
    "The first column is the name, the second the date.",
    "All of it is code in the open.",
    "All numbers are bound to results.",
    "Every page links to its data.",
    "Each chapter ends with exercises.",
    "No digit is typed by hand.",
    "The rest of this chapter says how.",
    "We use the latest release.",
    "An interval at a level of 95 percent.",
    "The model has three parts.",
    "It takes two arguments, a series and a date.",
    "The two tables are joined by their key.",
    "The chart is drawn with matplotlib.",
    "The parameters can be changed in one file.",
    "At first sight it is simple.",
    "At last the book is built.",
    "One of the files is missing.",
    "Neither the name nor the date is known.",
    "It is best to read this page first.",
    "A higher number means a later version.",
    "The error is small if the sample is large.",
    "The test asks whether the level changed.",
    "If it did, the interval excludes one.",
    "What a source counts is said in its sidecar.",
    "Some sources count operations.",
    "A source that prints months is read by month.",
    "Months are added up to quarters and years.",
    "The plan names the primary source.",
    "These are the corrections to the table.",
    "Places are spelled as the gazetteer has them.",
    "An event has a date and a place.",
    "The licence of a table stands in its sidecar.",
    "Open the notebook and run all cells.",
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


@pytest.mark.parametrize("claim", MORE)
def test_other_wordings_are_found(claim):
    assert found(claim)


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


def test_of_a_plan_limits_and_reasons_are_read_and_what_is_claimed_is_not(tmp_path):
    plan = tmp_path / "claims.yml"
    plan.write_text(
        "- {id: one, statement: Most died., place: the worst year, limits: [Fine., Most fled.]}\n"
        "- {id: two, statement: Attacks rose., reason: It was the deadliest province.}\n"
    )
    found = words.in_file(plan, [])
    assert [(one.place, one.word) for one in found] == [
        ("claims.yml, claim 'one', line 2", "Most"),
        ("claims.yml, claim 'two', line 1", "deadliest"),
    ]
    left = words.in_file(plan, ["Most fled", "deadliest province", "never needed"])
    assert [one.word for one in left] == ["never needed"]
