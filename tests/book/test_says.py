"""Words that claim something of results stand while it holds, on pages and where no link can be."""

import json
import re

import pytest

from helpers.book import named
from helpers.book.notebooks import _table
from helpers.book.numerals import BindingError
from helpers.book.quoting import plain, stated
from helpers.prose.digits import prose, sources
from helpers.run.baseline import BASELINE
from helpers.run.table import read_stages

RESULTS = {
    "share.militants": {
        "value": 48.844,
        "low": 45.0,
        "high": 52.5,
        "unit": "%",
        "n": 1950,
        "source": "made up",
        "notebook": "02-x",
        "cell": "cell-02-x-3",
    },
}
PAGE = """(cell-02-x-3)=
# Title where {says}`share.militants > 40|many` died

{says}`share.militants > 40|A good
part` of the dead. **{says}`share.militants.low > 44|Many`**

| a | b |
|---|---|
| {says}`share.militants > 40\\|most` | {num}`share.militants:.1f` |

```{figure} x.png
:alt: {says}`share.militants < 50|Half`: {num}`share.militants:.0f`; {says}`min(share.*) > 1|all`.

In {says}`share.militants > 1|every` bar.
```
"""


@pytest.fixture
def built(tmp_path):
    """Build pages with the roles; give their HTML and what the builder said."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    def build(page, differs=None, absent=()):
        source = tmp_path / "source"
        source.mkdir()
        (source / "conf.py").write_text(
            "extensions = ['myst_parser', 'helpers.book.binding', 'helpers.book.named']\n"
            "html_theme = 'basic'\n"
        )
        (source / "index.md").write_text(page)
        (source / "x.png").write_bytes(b"")
        (source / "results.json").write_text(json.dumps(RESULTS))
        if differs:
            (source / named.FILE).write_text(
                json.dumps({"run": "mine", "differs": differs, "absent": absent})
            )
        log = tmp_path / "log"
        with log.open("w") as said, docutils_namespace():
            out = [str(tmp_path / name) for name in ("out", "doctrees")]
            Sphinx(str(source), str(source), *out, "html", status=None, warning=said).build()
        return (tmp_path / "out" / "index.html").read_text(), log.read_text()

    return build


def test_words_stand_in_text_tables_captions_and_alternatives(built):
    page, said = built(PAGE)
    assert said == ""
    title = 'title="says: share.militants &gt; 40 · share.militants: 48.844"'
    link = f'<a class="num reference internal" href="#cell-02-x-3" {title}>'
    assert link + "A good part</a> of the dead" in page
    assert link + "most</a>" in page
    assert 'alt="Half: 49; all."' in page
    assert ">every</a> bar" in page and "{says}" not in page


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (
            "{says}`share.militants > 50|Most` died.",
            "index.md:1: WARNING: the claim 'Most' rests on 'share.militants > 50', "
            "which does not hold: share.militants is 48.844",
        ),
        (
            "{says}`share.militant > 50|Most` died.",
            "'share.militant' is not recorded; did you mean 'share.militants'",
        ),
        (
            "```{figure} x.png\n:alt: {says}`share.militants > 50|Most` died.\n\nWords.\n```",
            "'Most' rests on 'share.militants > 50', which does not hold",
        ),
        ("{says}`most` died.", "is not of the form CONDITION"),
    ],
)
def test_a_claim_that_does_not_hold_is_a_warning_that_names_it(built, page, sentence):
    _, said = built(page)
    assert sentence in said and said.count("WARNING") == 1


@pytest.mark.parametrize(
    "page",
    [
        "# One\n\n{says}`share.militants > 50|Most` died.",
        "Above\n\n# {says}`share.militants > 50|Most` died",
        "| a | b |\n|---|---|\n| {says}`share.militants > 50\\|Most` | 2 |",
        "```{figure} x.png\n:alt: {says}`share.militants > 50|Most` died.\n\nWords.\n```",
    ],
)
def test_in_a_run_of_other_parameters_words_that_do_not_hold_are_marked(built, page):
    text = "(cell-02-x-3)=\n" + page
    html, said = built(text, {"<b>seed</b>": ["2<script>", "1"]})
    assert said == "" and "{says}" not in html
    seen = re.sub(r"<(?!img)[^>]*>", "", html)
    assert "Most (does not hold in this run)" in seen or 'alt="Most (does not hold' in seen
    # The notice is text, whatever the parameters hold, and says so once.
    assert seen.count("Not the published run") == 1
    assert "&lt;b&gt;seed&lt;/b&gt; is 2&lt;script&gt; (published: 1)" in seen


@pytest.mark.parametrize("role", ["num}`share.militant`", "says}`share.militant > 1|Most`"])
def test_in_a_run_of_other_parameters_a_key_that_is_not_there_is_still_a_fault(built, role):
    _, said = built("{" + role, {"seed": ["2", "1"]}, ["share.civilians"])
    assert "share.militant'" in said and "did you mean" in said


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("num}`share.militant:.1f`", "–"),
        ("num}`share.militant::interval`", "–"),
        ("says}`share.militant.low > 1|Most`", "Most"),
        ("says}`share.militants > 1 and share.militant > 1|Most`", "Most"),
    ],
)
def test_in_a_run_of_other_parameters_a_result_of_the_published_one_alone_is_told(
    built, role, words
):
    page = f"# A {{{role}\n\n```{{figure}} x.png\n:alt: {{{role}\n\nSee {{{role}.\n```"
    html, said = built(page, {"seed": ["2", "1"]}, ["share.militant"])
    seen = re.sub(r"<(?!img)[^>]*>", "", html)
    assert said == "" and seen.count(f"{words} (not recorded in this run)") >= 3


def test_a_star_tells_all_its_values():
    results = {f"a.{name}.ratio": {"value": value} for name, value in (("x", 2), ("y", 1.5))}
    assert stated("min(a.*.ratio) > 1|every source", results) == (
        "every source",
        "a.x.ratio",
        "says: min(a.*.ratio) > 1 · a.*.ratio: 2, 1.5",
    )
    with pytest.raises(BindingError, match=r"does not hold: a\.\*\.ratio is 2, 1\.5"):
        stated("min(a.*.ratio) > 1.5|every source", results)


BOTH = "recorded(share.women)|{share.women:.1f} % were women|of women nothing is known"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("share.militants > 40|Many|Few", "Many"),
        ("share.militants > 50|Many|Few", "Few"),
        ("share.militants > 50|Many|", ""),
        ("share.militants > 40|{share.militants:.1f} %|Few", "48.8 %"),
        ("share.militants > 50|Many|only {share.militants:.0f:interval}", "only 45 to 52"),
        (BOTH, "of women nothing is known"),
    ],
)
def test_one_thing_or_the_other_is_said(built, text, words):
    page, said = built(f"(cell-02-x-3)=\n# A\n\nIt is so: {{says}}`{text}`, here.")
    assert said == ""
    assert f"It is so: {words}, here." in re.sub(r"<[^>]*>", "", page)
    assert plain(f"{{says}}`{text}`", RESULTS) == words


def test_words_that_rest_on_a_result_lead_to_its_cell_and_name_it(built):
    text = "share.militants > 50|Many|{share.militants:.0f:low} % or more"
    page, _ = built(f"(cell-02-x-3)=\n# A\n\n{{says}}`{text}`")
    title = 'title="says: share.militants &gt; 50 · share.militants: 48.844"'
    assert f'href="#cell-02-x-3" {title}>45 % or more</a>' in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        # Either alternative is looked at, whichever stands.
        ("share.militants > 40|Many|{share.men:.1f} %", "'share.men' is quoted but no notebook"),
        ("share.militants > 40|Many|{share.militants:.1f:median} %", "'median' is not a part"),
        ("share.militants > 50|{share.militants:.1d} %|Few", "cannot be shown as '.1d'"),
        ("recorded(share.men)|Many|{share.militants:.1d} %", "cannot be shown as '.1d'"),
        ("not recorded(share.men)|{share.men} %|Few", "'share.men' is quoted but no notebook"),
        ("share.militants > 40|Many|Few|None", "is not of the form CONDITION"),
    ],
)
def test_both_alternatives_are_checked(built, text, sentence):
    _, said = built(f"(cell-02-x-3)=\n# A\n\n{{says}}`{text}`")
    assert sentence in said and said.count("WARNING") == 1


def test_a_text_without_roles_stays_as_it_is():
    assert plain("`most` {other}`x` $y$", {}) == "`most` {other}`x` $y$"


def test_the_label_of_a_table_has_the_words_and_not_the_role():
    about = {"caption": "Says {says}`a.b > 1|most` of all: {num}`a.b` more."}
    assert ':label: "Says most of all"\n' in _table("x", about, "links")


@pytest.mark.parametrize("words", ["{says}`a.b > 1|most|few` die.", "{says}`a.b > 1|{a.b}` die."])
def test_the_label_of_a_table_ends_before_what_depends_on_results(words):
    assert ':label: "How many die"\n' in _table("x", {"caption": f"How many die: {words}"}, "links")


def claimed(path):
    """Return the texts of the claims of a page or of the Markdown of a notebook."""
    texts = [path.read_text(encoding="utf-8")]
    if path.suffix == ".ipynb":
        cells = json.loads(texts[0])["cells"]
        texts = ["".join(one["source"]) for one in cells if one["cell_type"] == "markdown"]
    found = []
    for text in texts:
        prose(text, lambda name, content: found.append((name, content)) or "")
    return [content for name, content in found if name == "says"]


# What the chapters of any country and of a sweep say is tried on results of several, in
# test_any_country, test_country_claims, test_sweep_chapters and test_own_chapter.
ELSEWHERE = {entry.name for entry in read_stages().stage if entry.kind != "own"}


@pytest.mark.parametrize(
    "path",
    [
        one
        for one in sources()
        if one.stem not in ELSEWHERE and one.parent.name not in ("country", "sweep")
    ],
    ids=lambda path: path.name,
)
def test_what_the_book_claims_holds_of_the_baseline(path):
    # The baseline keeps what a result is, not where it was made.
    results = {
        key: {"notebook": "01-clean"} | entry
        for key, entry in json.loads(BASELINE.read_text(encoding="utf-8")).items()
    }
    false = []
    for text in claimed(path):
        try:
            stated(text, results)
        except BindingError as error:
            false.append(str(error))
    assert false == []


@pytest.mark.parametrize("part", ["n", "low", "high", "interval", "value"])
def test_a_part_in_the_place_of_a_format_is_refused(part):
    with pytest.raises(BindingError, match=f"'::{part}'"):
        plain(f"{{num}}`share.militants:{part}`", RESULTS)
    assert plain(f"{{num}}`share.militants::{part}`", RESULTS)


@pytest.mark.parametrize(
    ("form", "words"),
    [(".0%", "4884\u00a0%"), (".1%:interval", "4500.0\u00a0% to 5250.0\u00a0%"), (".0f", "49")],
)
def test_a_share_in_percent_has_the_space_that_the_prose_writes(form, words):
    assert plain(f"{{num}}`share.militants:{form}`", RESULTS) == words
