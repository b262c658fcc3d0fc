"""A run of other parameters has folders of its own, and its pages say what differs."""

import json

import nbformat
import pytest


@pytest.fixture
def with_seed(built):
    """The tiny project, in which a stage records the seed and the front page claims something."""
    path = built.root / "notebooks/02-left.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(one for one in notebook["cells"] if "stage.record" in "".join(one["source"]))
    line = '\nstage.record("left.seed", seed, source="made up")'
    cell["source"] = "".join(cell["source"]) + line
    path.write_text(json.dumps(notebook))
    index = built.root / "book/index.md"
    index.write_text(index.read_text() + "\nThe seed is {says}`left.seed < 2|small`.\n")
    mine = (built.root / "params/pakistan.yml").read_text()
    for old, new in {
        "seed: 1": "seed: 2",
        "[UCDP]": "[SATP, UCDP]",
        "te: true": "te: false",
    }.items():
        assert old in mine
        mine = mine.replace(old, new)
    (built.root / "params/mine.yml").write_text(mine)
    return built


def test_a_run_of_other_parameters_is_marked_and_the_published_one_strict(with_seed):
    root = with_seed.root
    published = (root / "data/processed/results.json").read_bytes()
    ran = with_seed.report("--params", "params/mine.yml", "--jobs", "1")
    assert ran.returncode == 0, ran.stderr
    results = json.loads((root / "data/processed/runs/mine/results.json").read_text())
    assert results["left.seed"]["value"] == 2
    assert (root / "data/processed/results.json").read_bytes() == published
    html = root / "book/_build/runs/mine/html"
    pages = [html / "index.html", html / "colophon.html", *html.glob("notebooks/*.html")]
    assert len(pages) == 5
    for page in pages:
        assert page.read_text().count("seed is 2 (published: 1)") == 1, page
    assert "small</a>" in (html / "index.html").read_text()
    assert "(does not hold in this run)" in (html / "index.html").read_text()

    # A page shows the values that were used in the place of those of its notebook.
    page = html / "_sources/notebooks/02-left.ipynb"
    shown = "\n".join(cell.source for cell in nbformat.read(page, 4).cells)
    for line in ("seed = 2 ", 'sources = ["SATP", "UCDP"] ', "candidate = False "):
        assert line in shown
    assert "seed = 1" not in shown

    # What the other run made is nothing to the published one, which lacks its own.
    assert with_seed.ran() == ["02-left", "book", "results"]
    front = (root / "book/_build/html/index.html").read_text()
    assert "published:" not in front and "does not hold" not in front
    assert with_seed.ran() == []

    index = root / "book/index.md"
    index.write_text(index.read_text().replace("seed < 2", "seed < 1"))
    ran = with_seed.report()
    assert ran.returncode == 2
    assert "'small' rests on 'left.seed < 1', which does not hold" in ran.stderr
