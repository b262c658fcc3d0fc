"""A formula that cannot be drawn is a warning with its page, and no traceback."""

import pytest

from helpers.book.equations import statements

CONFIGURATION = (
    "extensions = ['myst_parser', 'helpers.book.equations']\n"
    "html_theme = 'basic'\n"
    "html_math_renderer = 'mathml'\n"
    "myst_enable_extensions = ['dollarmath']\n"
)


@pytest.mark.parametrize("formula", [r"\nosuchcommand{x}", r"\begin{nothing} x", r"\dots"])
def test_a_formula_that_is_no_latex_is_told_with_its_page(tmp_path, formula):
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONFIGURATION)
    (source / "index.md").write_text(
        f"# A\n\nIt is $a + {formula}$.\n\n$$b = {formula}$$\n\nEnd.\n"
    )
    log = tmp_path / "log"
    with log.open("w") as said, docutils_namespace():
        out = [str(tmp_path / name) for name in ("out", "doctrees")]
        Sphinx(str(source), str(source), *out, "html", status=None, warning=said).build()
    lines = log.read_text().splitlines()
    assert len(lines) == 2 and all("index.md" in one and "formula: " in one for one in lines)
    assert "End." in (tmp_path / "out" / "index.html").read_text()


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        ("a = b", ["a = b"]),
        (r"a = b \qquad c = d,\quad e", ["a = b", "c = d,", "e"]),
        (r"\begin{cases} 1 & \quad x \\ 2 \end{cases}", None),
        (r"\left( a \quad b \right] \{ \quad c", [r"\left( a \quad b \right] \{", "c"]),
        (r"\quadratic", None),
        (r"a \qquad", ["a"]),
        ("", None),
    ],
)
def test_statements_side_by_side_are_told_apart_and_none_is_torn(latex, parts):
    assert statements(latex) == ([latex] if parts is None else parts)
