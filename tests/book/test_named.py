"""A run of other parameters is built to its end, and its pages say what differs."""

import json

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
    published = built.root / "params/pakistan.yml"
    (built.root / "params/mine.yml").write_text(
        published.read_text().replace("seed: 1\n", "seed: 2\n")
    )
    return built


def test_a_run_of_other_parameters_is_marked_and_the_published_one_strict(with_seed):
    ran = with_seed.report("--params", "params/mine.yml")
    assert ran.returncode == 0, ran.stderr
    html = with_seed.root / "book/_build/runs/mine/html"
    pages = [html / "index.html", html / "colophon.html", *html.glob("notebooks/*.html")]
    assert len(pages) == 5
    for page in pages:
        assert page.read_text().count("seed is 2 (published: 1)") == 1, page
    assert "small</a>" in (html / "index.html").read_text()
    assert "(does not hold in this run)" in (html / "index.html").read_text()

    ran = with_seed.report()
    assert ran.returncode == 0, ran.stderr
    front = (with_seed.root / "book/_build/html/index.html").read_text()
    assert "published:" not in front and "does not hold" not in front

    published = with_seed.root / "params/pakistan.yml"
    published.write_text(published.read_text().replace("seed: 1\n", "seed: 3\n"))
    ran = with_seed.report()
    assert ran.returncode != 0
    assert "'small' rests on 'left.seed < 2', which does not hold" in ran.stderr
