"""Figures of which one is shown: without a script, by keys, on paper all; and what is refused."""

import pytest

from helpers.base import paths

FIGURE = """::::{figure} x.png
:name: NAME

The caption of NAME.
::::

"""
PAGE = """# A page

:::::{switched-figures}
:legend: What <is> counted
:words: WORDS

FIGURES:::::
"""
STYLE = paths.BOOK / "_static" / "figures.css"


@pytest.fixture
def built(tmp_path):
    """Build a page with figures; give where it is and what the builder said."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    def build(words, figures, other=""):
        source = tmp_path / "source"
        (source / "_static").mkdir(parents=True)
        (source / "_static" / STYLE.name).write_bytes(STYLE.read_bytes())
        (source / "conf.py").write_text(
            "extensions = ['myst_parser', 'helpers.book.switches']\n"
            "myst_enable_extensions = ['colon_fence']\n"
            "html_theme = 'basic'\nhtml_static_path = ['_static']\n"
            f"html_css_files = ['{STYLE.name}']\n"
        )
        inside = "".join(FIGURE.replace("NAME", name) for name in figures) + other
        (source / "index.md").write_text(
            PAGE.replace("WORDS", words).replace("FIGURES", inside), encoding="utf-8"
        )
        (source / "x.png").write_bytes(b"")
        log = tmp_path / "log"
        with log.open("w") as said, docutils_namespace():
            out = [str(tmp_path / name) for name in ("out", "doctrees")]
            Sphinx(str(source), str(source), *out, "html", status=None, warning=said).build()
        return tmp_path / "out" / "index.html", log.read_text()

    return build


def test_keys_switch_without_a_script_and_paper_shows_all(built, browser):
    address, said = built("All | One & two | Three", ["one", "two", "three"])
    assert said == ""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address.as_uri())

    def shown():
        return [name for name in ("one", "two", "three") if page.locator(f"#{name}").is_visible()]

    buttons = page.get_by_role("radio")
    assert page.get_by_role("group", name="What <is> counted").count() == 1
    assert shown() == ["one"] and buttons.nth(0).is_checked()
    buttons.nth(0).focus()
    page.keyboard.press("ArrowRight")
    assert shown() == ["two"]
    assert page.get_by_role("radio", name="One & two").is_checked()
    page.keyboard.press("ArrowLeft")
    assert shown() == ["one"]
    page.get_by_text("Three", exact=True).click()
    assert shown() == ["three"]
    for label in page.locator(".switch > label").all():
        box = label.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    page.emulate_media(media="print")
    assert shown() == ["one", "two", "three"]
    assert not page.locator(".switch > label").first.is_visible()
    context.close()


def test_a_switch_of_two_on_one_page_each_keep_their_own_choice(built, browser):
    again = ":::::\n\n" + PAGE.partition("\n\n")[2].replace("WORDS", "C | D").replace(
        "FIGURES:::::\n", FIGURE.replace("NAME", "c") + FIGURE.replace("NAME", "d")
    )
    address, said = built("A | B", ["a", "b"], again)
    assert said == ""
    page = browser.new_page()
    page.goto(address.as_uri())
    page.get_by_text("D", exact=True).click()
    shown = [name for name in "abcd" if page.locator(f"#{name}").is_visible()]
    assert shown == ["a", "d"]
    page.close()


@pytest.mark.parametrize(
    ("words", "figures", "other", "what"),
    [
        ("One | Two", ["one"], "", "2 words and 1 figures"),
        ("One", ["one", "two"], "", "1 words and 2 figures"),
        ("One", ["one"], "A paragraph.\n", "1 words and 1 figures and something else"),
        ("", ["one"], "", "words"),
    ],
)
def test_a_switch_that_does_not_fit_its_figures_is_told(built, words, figures, other, what):
    address, said = built(words, figures, other)
    assert "index.md:3" in said and what in said
    assert 'type="radio"' not in address.read_text(encoding="utf-8")
