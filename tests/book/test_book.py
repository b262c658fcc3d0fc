"""Numbers of a page are bound to results; notebooks become pages with numbered, linked figures."""

import json
import re

import pytest
import yaml

from helpers.base import paths
from helpers.book import equations, pages, reference
from helpers.book.assemble import contents
from helpers.book.builder import first_warning
from helpers.book.notebooks import as_page, joined
from helpers.book.numerals import BindingError, exact, told
from helpers.book.pages import colophon, data_page, raw_files
from helpers.book.quoting import quoted
from helpers.raw.sidecar import read_sidecar
from helpers.run.run import open_run

RESULTS = {
    "a.ratio": {
        "value": 1.60017,
        "low": 1.2,
        "high": 2.1,
        "unit": "ratio",
        "n": 24,
        "source": "UCDP",
        "notebook": "03-trend",
    },
    "a.deaths": {
        "value": 1885,
        "low": None,
        "high": None,
        "unit": "deaths",
        "n": None,
        "source": "UCDP",
        "notebook": "03-trend",
    },
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.ratio:.3f", "1.600"),
        ("a.ratio:.1f:interval", "1.2 to 2.1"),
        ("a.ratio::n", "24"),
        ("a.deaths", "1,885"),
        ("a.ratio", "1.60"),
        ("a.ratio:.2f:low", "1.20"),
        ("a.deaths:d", "1885"),
    ],
)
def test_a_bound_number_takes_its_form(text, words):
    assert quoted(text, RESULTS)[0] == words


def test_a_number_tells_interval_n_source_and_notebook():
    said = quoted("a.ratio:.2f", RESULTS)[1].split(" · ")
    assert said == [
        "value: 1.60 times",
        "interval: 1.20 to 2.10",
        "n: 24",
        "source: UCDP",
        "notebook: 03-trend",
        "key: a.ratio",
    ]


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        (39.656312, ".2f", "39.6563"),
        (1.60017, ".7f", "1.6001700"),
        (1234567.8, ",.1f", "1,234,567.8"),
        (1885, "", "1,885"),
        (0.0000123, ".2f", "1.23e-05"),
        ("Balochistan", "", "Balochistan"),
    ],
)
def test_a_number_tells_no_fewer_digits_than_the_page(value, form, words):
    assert exact(value, form) == words


@pytest.mark.parametrize(
    ("value", "unit", "form", "words"),
    [
        (2019, "year", "", "2019"),
        (1, "claims", "", "1 claim"),
        (1, "families", "", "1 family"),
        (1, "series", "", "1 series"),
        (1, "deaths by month, added up", "", "1 death by month, added up"),
        (12345, "deaths", "", "12,345 deaths"),
        (37.0, "events", ".0f", "37 events"),
        (1.60017, "ratio", "", "1.60 times"),
        (1.60017, "ratio", ".4f", "1.6002 times"),
        (0.9, "ratio of levels", ".1f", "0.90 times (ratio of levels)"),
        (0.00017, "p", ".3f", "p below 0.001"),
        (0.0, "p", ".3f", "p = 0.000"),
        (0.04, "placebo p", ".2f", "placebo p = 0.040"),
        (39.656, "%", ".0f", "39.66\N{NO-BREAK SPACE}%"),
        (0.4, "power", "", "0.400 (power)"),
        (23.25, "attacks a month", "", "23.25 attacks a month"),
        ("Balochistan", "", "", "Balochistan"),
        (True, "", "", "True"),
    ],
)
def test_the_box_says_a_number_by_its_unit(value, unit, form, words):
    assert told(value, unit, form) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a.ratios:.2f",
            "'a.ratios' is quoted but no notebook recorded it; did you mean 'a.ratio'",
        ),
        ("a.deaths::low", "was recorded without it"),
        ("a.ratio:.2q", "cannot be shown as '.2q'"),
        ("a.ratio:.2f:hi", "'hi' is not a part of a result; did you mean 'high'"),
    ],
)
def test_what_cannot_be_quoted_is_an_error(text, words):
    with pytest.raises(BindingError, match=words):
        quoted(text, RESULTS)


def code(identity, source, outputs=(), count=1):
    return {
        "cell_type": "code",
        "id": identity,
        "metadata": {},
        "source": source,
        "outputs": list(outputs),
        "execution_count": count,
    }


def shown(kind, name):
    return {"output_type": "display_data", "data": {}, "metadata": {"compendium": {kind: name}}}


def test_a_figure_becomes_a_numbered_cell_with_alt_text_data_and_source(tmp_path):
    for kind in ("figures", "tables"):
        (tmp_path / kind).mkdir()
    (tmp_path / "figures/line.json").write_text(
        json.dumps({"caption": "A line.", "alt": "It rises.", "notebook": "x"})
    )
    (tmp_path / "tables/who.json").write_text(json.dumps({"caption": "Who.", "notebook": "x"}))
    (tmp_path / "tables/who.html").write_text(
        "<table>\n<caption>Who.</caption>\n<td>1</td></table>"
    )
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": "words"},
            code("a", "load()"),
            code("b", "draw()", [shown("figure", "line"), shown("table", "who")], 2),
            code("c", "stage.finish()", (), 3),
        ],
        "metadata": {},
    }
    _, first, second, cell, figure, table = as_page(notebook, "03-x", tmp_path, "commit abc123")[
        "cells"
    ]
    assert [first["source"], second["source"]] == ["(cell-03-x-a)=\n", "(cell-03-x-b)=\n"]
    assert (
        cell["outputs"] == []
        and cell["metadata"]["tags"] == ["hide-input"]
        and cell["metadata"]["begins"] == {"cell-03-x-a": 0, "cell-03-x-b": 2}
        and "parts" not in cell
    )
    for words in (
        "```{figure} ../figures/line.svg",
        ':alt: "It rises."',
        ":name: line",
        "(../figures/line.csv)",
        "(#cell-03-x-b)",
        "commit abc123",
    ):
        assert words in figure["source"]
    for words in (
        "```{numbered-table} ../tables/who.html",
        ":name: who",
        ':label: "Who."',
        "(../tables/who.csv)",
        "(#cell-03-x-b)",
    ):
        assert words in table["source"]


def test_each_result_knows_the_cell_that_recorded_it(built_once):
    for name in ("01-clean", "02-left", "03-right"):
        notebook = json.loads((built_once / f"data/processed/executed/{name}.ipynb").read_text())
        source = {
            cell["id"]: "".join(cell["source"]).splitlines()
            for cell in notebook["cells"]
            if cell["cell_type"] == "code"
        }
        manifest = json.loads((built_once / f"data/processed/stages/{name}.json").read_text())
        assert manifest["cells"].keys() == manifest["results"].keys()
        for key, place in manifest["cells"].items():
            assert f'record("{key}"' in source[place["name"]][place["line"] - 1]


def test_numbers_link_to_their_cells_and_tables_are_numbered(built_once):
    page = (built_once / "book/_build/html/index.html").read_text()
    link = re.search(
        r'<a class="num reference internal" href="notebooks/([^"]+)\.html#([^"]+)" '
        r'title="value: [^"]* · key: left\.mean"',
        page,
    )
    assert link[1] == "02-left"
    chapter = (built_once / "book/_build/html/notebooks/02-left.html").read_text()
    cell = chapter[chapter.index(f'id="{link[2]}"') :].partition("</details>")[0]
    assert ">record<" in cell
    assert re.search(
        r'<span class="caption-number">Table 1\. </span>'
        r'<span class="caption-text">The first months',
        chapter,
    )
    assert "<caption>" not in chapter


def test_source_links_follow_the_repository_address(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "commit", lambda: "abc123abc123, with changes not committed")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert pages.built_at("notebooks/01-x.ipynb") == "commit abc123abc123"
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://example.org/a/"\n'
    )
    assert (
        pages.built_at("notebooks/01-x.ipynb")
        == "[commit abc123abc123](https://example.org/a/blob/abc123abc123/notebooks/01-x.ipynb)"
    )


def test_neighbouring_code_is_one_fold_until_something_is_shown():
    cells = [
        code("a", "one"),
        code("b", "two", [shown("figure", "x")]),
        code("c", "three"),
        {"cell_type": "markdown", "source": "words"},
    ]
    found = joined(cells)
    assert ["".join(cell["source"]) for cell in found] == ["one\n\ntwo", "three", "words"]


def test_a_warning_of_the_builder_names_page_and_line(tmp_path):
    said = "the number 'x' is quoted but no notebook recorded it"
    log = f"\x1b[91m{tmp_path}/index.md:7: WARNING: {said}\x1b[39m\n"
    assert first_warning(log, tmp_path) == f"index.md, line 7: {said}"
    assert first_warning("Finished generating HTML\n", tmp_path) == ""
    raised = (
        "Traceback (most recent call last):\n  File x\nValueError: no provider\n\n"
        "\x1b[92m=====\x1b[0m\n"
    )
    assert first_warning(raised, tmp_path) == "ValueError: no provider"


def test_the_data_page_has_every_table_with_its_terms_and_defects():
    page = data_page().replace("\\", "")  # before signs that are text
    for path in raw_files():
        sidecar = read_sidecar(path)
        for words in (path.name, sidecar.title, sidecar.licence.name, *sidecar.notes):
            assert " ".join(words.split()) in " ".join(page.split()), path.name
        for column in sidecar.columns.values():
            assert not column.check or column.check not in page
    assert (
        "| | |" not in page.replace("  ", " ") and "| --- | --- |\n| Producer" not in page
    )  # facts have headings in front, none above
    assert "`transcribed" not in page and "``" not in page.replace("```", "")


def test_the_colophon_names_lock_and_parameters():
    page = colophon(open_run(paths.PARAMS / "pakistan.yml")).replace("\\", "")
    for words in (
        "Commit",
        "requirements.lock",
        "`seed`",
        "country_month.csv",
        "statsmodels",
        "_static/run.js",
    ):
        assert words in page


def test_every_page_of_the_contents_is_there_or_made():
    def files(node):
        if isinstance(node, dict):
            yield from ([node["file"]] if "file" in node else [])
            yield from (one for value in node.values() for one in files(value))
        elif isinstance(node, list):
            yield from (one for value in node for one in files(value))

    made = {"data", "colophon", "reference", "graph", "changed"}
    for name in files(yaml.safe_load((paths.BOOK / "_toc.yml").read_text())):
        assert name in made or any(
            (folder / f"{name}{ending}").exists()
            for folder in (paths.BOOK, paths.ROOT)
            for ending in (".md", ".ipynb")
        )


def test_the_reference_stands_below_its_chapter_or_nowhere():
    toc = "root: index\nchapters:\n  - file: reference\n  - file: references\n"
    with_pages = contents(toc, ["reference", "reference/raw", "reference/run"])
    assert with_pages.splitlines()[2:] == [
        "  - file: reference",
        "    sections:",
        "      - file: reference/raw",
        "      - file: reference/run",
        "  - file: references",
    ]
    assert contents(toc, []).splitlines()[2:] == ["  - file: references"]


def test_a_cell_says_what_it_calls_and_links_there():
    cells = [
        "from helpers.measures import comparison",
        "from helpers.stats.counts.rates import rate_ratio",
        "x = rate_ratio(3, 2)\ncomparison.shares(x)\nprint(x)",
    ]
    assert (
        reference.called(cells, reference.known())[2][0] == "helpers.stats.counts.rates.rate_ratio"
    )
    told = reference.pages()["reference/stats-counts"]
    assert f"({reference.label('helpers.stats.counts.rates.rate_ratio')})=" in told
    assert "rate_ratio(after, before" in told and "**Parameters**" in told


def test_equations_become_mathml_and_keep_their_source():
    drawn = equations.mathml(r"\log \mu_t = \beta_0, x < 1", block=True)
    assert drawn.startswith("<math") and "<mi>μ</mi>" in drawn
    assert r"\log \mu_t = \beta_0, x &lt; 1" in drawn and drawn.endswith("</math>")
