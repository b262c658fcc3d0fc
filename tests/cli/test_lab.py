"""A working copy shows what roles show; taken back, it is the original but for what was edited."""

import json
import re
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from helpers.base import paths
from helpers.base.elements import ELEMENT, MARK, read
from helpers.base.errors import InputError
from helpers.base.reading import read_yaml
from helpers.book.cited import cited
from helpers.cli import lab
from helpers.cli.filled import filled, roles_back, words_of
from helpers.prose import digits
from helpers.prose.exercises import solutions
from helpers.run.captions import captions
from helpers.run.declared import TAG, declared, names_read, read_notebook
from helpers.run.run import default_params, open_run

ENTRY = {"low": 1.2, "high": 2.1, "n": 24, "unit": "ratio", "source": "x", "notebook": "03-a"}
RESULTS = {
    "a.up": ENTRY | {"value": 1.7},
    "a.odd": ENTRY | {"value": 'a|b* _c_ `d` $e$ <f> & "g" [h](i) \\', "unit": ""},
}
SHOWS = words_of(RESULTS, lambda keys: "[Doe, 2001]" if keys == "doe" else None)
ROLES = [
    "{num}`a.up:.1f`", "{num}`a.up:.1f:interval`", "{num}`a.odd`", "{num}``a.up``", "{cite}`doe`",
    "{says}`a.up > 1|rose, * or _so_`", "{says}`a.up < 1|fell|by {a.up:.1f}\nrose`",
    "{says}`a.up > 1 and\na.up < 2|rose`", "{says}`a.up < 1|fell|`",
]  # fmt: skip
STAYS = ["{num}`no.such`", "{says}`a.up < 1|fell`", "{cite}`nobody`", "{ref}`here`", "{math}`x^2`"]
HOSTILE = [
    "`", "``", "```", "$", "$$", "\\", "|", "[", "](x)", "*", "**", "_", "{", "}", "<", ">", "<b>",
    "</span>", '<span title="', MARK, '">', "<!--", "-->", "&#96;", "&amp;", "US$ 5", "{num}",
    "`{num}`", "``{num}`a.up` ``", "\\{num}`a.up`", "\n", "\n\n", "\n```\n", "\n~~~\n", "\n:::\n",
    "\n:::{caption} a\n", "\n    ", "\n> ", "\n- ", "\n1. ", "\n# ", "\n| a | b |\n|---|---|\n| ",
    " | ", " |\n", "word", " ", "\r\n", "\r", "\x0b", "\u2028", "\x85", "\x00", "نام", "–", "é",
]  # fmt: skip
PROSE = st.lists(st.sampled_from([*ROLES, *STAYS, *HOSTILE]), max_size=14).map("".join)


def asked(text: str) -> list[tuple[str, str]]:
    """What the parser of the book reads as a role, in a text."""
    found = []
    digits.prose(text, lambda name, words: found.append((name, words)) or " ")
    return found


@settings(max_examples=600, deadline=None)
@given(PROSE | st.text())
def test_what_was_filled_in_comes_back_to_the_letter(text):
    assert roles_back(filled(text, SHOWS), "a copy") == text


@settings(max_examples=300, deadline=None)
@given(PROSE)
def test_only_what_the_book_reads_as_a_role_is_filled_in(text):
    seen = []
    filled(text, lambda name, words: seen.append((name, words)))
    left = iter(asked(text))
    assert all(one in left for one in seen)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(ROLES), min_size=1, max_size=5), st.data())
def test_every_role_of_plain_prose_is_filled_in(roles, data):
    around = st.sampled_from(
        ["Up {}.", "# {}", "- {}\n- more", "> {}", "| a | {} |\n|---|---|\n| {} | c |", "**{}**",
         ":::{{caption}} a\n{}\n:::", "US$ 5 and {}", "Some `code` before {}", "1. {}"]
    )  # fmt: skip
    parts = []
    for role in roles:
        form = data.draw(around)
        if "\n" in form or form[0] in "#>":  # a role there cannot go on in the next line
            role = " ".join(role.split())
        role = role.replace("|", "\\|") if "|---" in form else role
        parts.append(form.format(role, role))
    text = "\n\n".join(parts)
    left = re.sub(r'<span title="[^"]*"', "", filled(text, SHOWS))
    assert not re.search(r"\{(num|says|cite)\}`", left)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*ROLES, "word", " ", "**b** ", "`c` "]), max_size=8), st.booleans()
)
def test_a_reader_sees_the_words_and_nothing_else(pieces, in_table):
    """Drawn as JupyterLab draws it: with tables and HTML, without roles."""
    draw = MarkdownIt("commonmark").enable("table").render
    one_line = [" ".join(one.split()) + " " for one in pieces]
    if in_table:
        one_line = [one.replace("|", "\\|") for one in one_line]
    table = "| {} | end |\n|---|---|\n| {} | end |"
    form = table if in_table else "Begin {} end"
    known, before = iter("KLMNOPQR"), []
    for one in one_line:
        before.append(f"<i>{next(known)}</i> " if one.startswith("{") else one)
    html = draw(filled(form.format(*["".join(one_line)] * 2), SHOWS))
    expected = draw(form.format(*["".join(before)] * 2))
    assert re.sub(r"<span [^>]*>.*?</span>", "#", html) == re.sub(r"<i>.</i>", "#", expected)


def test_words_are_shown_as_they_stand():
    draw = MarkdownIt("commonmark").enable("table").render
    html = draw("| a |\n|---|\n| " + filled("{num}`a.odd`", SHOWS) + " |")
    shown = re.search(r"<td><span [^>]*>(.*)</span></td>", html)
    assert shown and shown[1] == "a|b* _c_ `d` $e$ &lt;f&gt; &amp; &quot;g&quot; [h](i) \\"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(ROLES), min_size=1, max_size=4), st.data())
def test_a_number_outlives_what_is_edited_around_it(roles, data):
    word = st.sampled_from(["", "So ", "new `code` ", "*very* ", "and\n\n", "$5 ", "| "])
    copy = [filled(role, SHOWS) for role in roles]
    added = [data.draw(word) for _ in range(len(roles) + 1)]
    order = data.draw(st.permutations(range(len(roles))))
    edited = added[0] + "".join(
        copy[one] + more for one, more in zip(order, added[1:], strict=True)
    )
    expected = added[0] + "".join(
        roles[one] + more for one, more in zip(order, added[1:], strict=True)
    )
    assert roles_back(edited, "a copy") == expected


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(ROLES), st.text(min_size=1).filter(lambda one: "<" not in one and one.strip())
)
def test_what_was_typed_over_is_told(role, typed):
    copy = filled(role, SHOWS)
    shown = re.search(r">([^<]*)</span>", copy)[1]
    again = copy.replace(f">{shown}<", f">{shown}{typed}<")
    with pytest.raises(InputError, match=re.escape("was typed over")) as told:
        roles_back(f"Before {again} after", "work/03-a.ipynb, cell 4")
    assert str(told.value).startswith("work/03-a.ipynb, cell 4: ")
    assert role in str(told.value)


@pytest.mark.parametrize("lost", ["</span>", '">', '<span title="', ">1.7</span>"])
def test_an_element_that_is_not_whole_is_told(lost):
    copy = filled("Up {num}`a.up:.1f` and {num}`a.up:.1f`.", SHOWS)
    with pytest.raises(InputError, match=r"(not whole|typed over)"):
        roles_back(copy.replace(lost, "", 1), "a copy")


def test_a_number_that_was_deleted_with_its_element_is_gone():
    copy = filled("Up {num}`a.up:.1f` times.", SHOWS)
    assert roles_back(re.sub(r"<span.*</span>", "two", copy), "a copy") == "Up two times."


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """All notebooks, and their working copies, in a folder of their own."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(paths.NOTEBOOKS, root / "notebooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "NOTEBOOKS", root / "notebooks")
        patch.setattr(lab, "WORK", root / "work")
        patch.setattr(lab, "COPIED", root / "work/.copied.json")
        lab.copy_notebooks()
        yield root


@pytest.mark.parametrize("name", sorted(path.stem for path in paths.NOTEBOOKS.glob("*.ipynb")))
def test_every_notebook_comes_back_to_the_byte(copies, name):
    copy, original = copies / f"work/{name}.ipynb", copies / f"notebooks/{name}.ipynb"
    before = original.read_bytes()
    cells = read_notebook(copy, name)["cells"]
    others = [
        one["source"]
        for one in cells
        if one["cell_type"] == "code" and TAG not in one["metadata"].get("tags", [])
    ]
    read = names_read([*others, *(one.code for one in solutions(copy))])
    assert set(declared({"cells": cells}, name)) <= read
    lab.take(name)
    assert original.read_bytes() == before


ASKED = re.compile(r"(?:[a-z][a-z0-9_]*)(?:\.[a-z0-9_]+)+")


@pytest.fixture
def abroad(tmp_path, monkeypatch):
    """The notebooks of another country's run, with copies that show made-up results."""
    shutil.copytree(paths.NOTEBOOKS, tmp_path / "notebooks")
    text = default_params().read_text(encoding="utf-8")
    text = re.sub(r"^country:.*$", "country: Nigeria", text, flags=re.MULTILINE)
    params = tmp_path / "nigeria.yml"
    params.write_text(re.sub("^seed: ", "seed: 1", text, flags=re.MULTILINE))
    asked = {
        key
        for path in paths.NOTEBOOKS.glob("*-country-*.ipynb")
        for key in ASKED.findall(path.read_text(encoding="utf-8"))
    }
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(paths, "PROCESSED", tmp_path / "processed")
    monkeypatch.setattr(lab, "WORK", tmp_path / "work")
    run = open_run(params)
    run.processed.mkdir(parents=True)
    entries = {key: ENTRY | {"value": 1.5} for key in asked}
    (run.processed / "results.json").write_text(json.dumps(entries))
    assert lab.copy_notebooks(run) == []
    return tmp_path, run


def test_a_country_has_copies_of_its_own_chapters_with_its_numbers_and_parameters(abroad):
    root, run = abroad
    copies = {path.stem: path for path in (root / "work/runs/nigeria").glob("*.ipynb")}
    assert set(copies) == {one.name for one in run.table.stage}
    words, seeds = [], set()
    for name, copy in copies.items():
        notebook = read_notebook(copy, name)
        seeds.add(declared(notebook, name).get("seed", run.params.seed))
        words += [one.showed for cell in notebook["cells"] for one in elements(cell["source"])]
    assert seeds == {run.params.seed} and run.params.seed != read_yaml(default_params())["seed"]
    assert sum("1.5" in one for one in words) > 5
    assert sum(bool(one) and not one.startswith("Caption of") for one in words) > 40


def elements(source):
    """Return the elements of a text."""
    return [read(one) for one in ELEMENT.finditer(source)]


@pytest.mark.parametrize("edited", ["", "a word of mine"])
def test_a_countrys_chapter_comes_back_to_the_byte_with_the_published_parameters(abroad, edited):
    root, run = abroad
    for entry in run.table.stage:
        original, copy = root / f"notebooks/{entry.name}.ipynb", lab.folder_of(run)
        copy, before = copy / original.name, original.read_bytes()
        text = copy.read_text(encoding="utf-8")
        copy.write_text(text.replace('"# ', f'"# {edited} ', 1) if edited else text)
        lab.take(entry.name, run)
        expected = before.replace(b'"# ', f'"# {edited} '.encode(), 1) if edited else before
        assert original.read_bytes() == expected
        original.write_bytes(before)
        copy.write_text(text)


def test_values_of_the_published_run_are_refused_in_a_countrys_copy(abroad):
    _, run = abroad
    copy = lab.folder_of(run) / "03-country-trend.ipynb"
    text = copy.read_text(encoding="utf-8")
    published = read_yaml(default_params())["seed"]
    copy.write_text(text.replace(f"seed = {run.params.seed}", f"seed = {published}", 1))
    with pytest.raises(InputError, match="sets 'seed'"):
        lab.take("03-country-trend", run)


@pytest.mark.parametrize("name", sorted(path.stem for path in paths.NOTEBOOKS.glob("*.ipynb")))
def test_no_caption_stands_as_code_and_a_stage_reads_its_words_in_a_copy(name):
    draw = MarkdownIt("commonmark").enable("table").render
    notebook = read_notebook(paths.NOTEBOOKS / f"{name}.ipynb", name)
    written = captions(notebook)
    copy = {"cells": [dict(one) for one in notebook["cells"]]}
    for cell in copy["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = filled(cell["source"], lambda role, text: "#")
            html = re.sub(r'title="[^"]*"', "", draw(cell["source"]))
            assert ":::{caption}" not in html and not re.search("^(<p>)?:(::|alt:)", html, re.M)
    again = captions(copy)
    assert list(again) == list(written)
    for one, other in zip(again.values(), written.values(), strict=True):
        for shown, said in zip(one, other, strict=True):
            plain = re.split(r"\{(?:num|says|cite)\}`[^`]*`", said)
            assert re.fullmatch("#".join(map(re.escape, plain)), shown)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*HOSTILE, *ROLES, ":alt: a\n", ":::", ":alt:"]), max_size=9))
def test_captions_of_any_text_are_the_same_in_a_copy(pieces):
    text = ":::{caption} rise\n" + "".join(pieces) + "\n:::\n"

    def told(source):
        try:
            return captions({"cells": [{"cell_type": "markdown", "source": source}]})
        except InputError as error:
            return str(error)

    assert told(filled(text, lambda name, words: None)) == told(text)


def test_a_chapter_reads_as_in_the_book(tmp_path, monkeypatch):
    results = paths.PROCESSED / "results.json"
    if not results.exists():
        pytest.skip("make report has not run")
    shows = words_of(json.loads(results.read_text(encoding="utf-8")), cited)
    path = paths.NOTEBOOKS / "03-trend.ipynb"
    cells = read_notebook(path, path.name)["cells"]
    prose = [one["source"] for one in cells if one["cell_type"] == "markdown"]
    left = [re.sub(r'<span title="[^"]*"', "", filled(one, shows)) for one in prose]
    assert sum(one.count(MARK) for one in left) > 40
    assert not any(re.search(r"\{(num|says|cite)\}`", one) for one in left)


def with_number(root):
    """Give a notebook of the tiny project a sentence with a number."""
    original = root / "notebooks/02-left.ipynb"
    notebook = json.loads(original.read_text())
    cell = next(one for one in notebook["cells"] if one["cell_type"] == "markdown")
    cell["source"] = ["# Left\n", "\n", "The mean is {num}`left.mean:.1f` deaths."]
    notebook["metadata"]["language_info"] = {"name": "python"}
    original.write_text(json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return original, root / "work/02-left.ipynb"


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_numbers_are_put_in_on_opening_and_back_on_taking(built):
    original, copy = with_number(built.root)
    before = original.read_bytes()
    assert built.python("helpers.cli", "lab", "--copy-only").returncode == 0
    mean = json.loads((built.root / "data/processed/results.json").read_text())["left.mean"]
    assert f">{mean['value']:.1f}</span> deaths." in copy.read_text()
    assert built.python("helpers.cli", "lab", "--take", "02-left").returncode == 0
    assert original.read_bytes() == before

    edit(copy, "The mean is", "Their mean is")
    assert built.python("helpers.cli", "lab", "--take", "02-left").returncode == 0
    assert original.read_bytes() == before.replace(b"The mean is", b"Their mean is")

    kept = original.read_bytes()
    edit(copy, "</span>", "00</span>")
    taken = built.python("helpers.cli", "lab", "--take", "02-left")
    assert taken.returncode == 2 and "was typed over" in taken.stderr
    assert "work/02-left.ipynb, cell 1" in taken.stderr and "{num}`left.mean:.1f`" in taken.stderr
    assert original.read_bytes() == kept


def test_another_run_has_copies_of_its_own(built):
    original, _ = with_number(built.root)
    before = original.read_bytes()
    (first,) = (built.root / "params").iterdir()
    mine = built.root / "params/mine.yml"
    mine.write_text(re.sub(r"^seed: .*$", "seed: 77", first.read_text(), flags=re.MULTILINE))
    asked = ("helpers.cli", "lab", "--params", "params/mine.yml")
    told = built.python(*asked, "--copy-only")
    assert "make report PARAMS=params/mine.yml first" in told.stdout, told.stderr
    assert built.report("--params", "params/mine.yml").returncode == 0
    assert built.python(*asked, "--copy-only").stdout == ""
    copy = built.root / "work/runs/mine/02-left.ipynb"
    shown = json.loads((built.root / "data/processed/runs/mine/results.json").read_text())
    assert f">{shown['left.mean']['value']:.1f}</span> deaths." in copy.read_text()
    assert (
        "seed = 77  # seed" in copy.read_text() and not (built.root / "work/02-left.ipynb").exists()
    )
    assert built.python(*asked, "--take", "02-left").returncode == 0
    assert original.read_bytes() == before
    lost = built.python(*asked, "--take", "02-lost")
    assert lost.returncode == 2 and "there is no work/runs/mine/02-lost.ipynb" in lost.stderr


def test_a_copy_that_nobody_edited_follows_the_results(built):
    _, copy = with_number(built.root)
    results = built.root / "data/processed/results.json"
    told = results.read_text()
    results.unlink()
    assert "make report first" in built.python("helpers.cli", "lab", "--copy-only").stdout
    assert "{num}`left.mean:.1f`" in copy.read_text()
    results.write_text(told)
    assert built.python("helpers.cli", "lab", "--copy-only").stdout == ""
    assert "</span> deaths." in copy.read_text()
    other = json.loads(told)
    other["left.mean"]["value"] = 12345.25
    results.write_text(json.dumps(other))
    assert built.python("helpers.cli", "lab", "--copy-only").stdout == ""
    assert ">12345.2</span> deaths." in copy.read_text()
