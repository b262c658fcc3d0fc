"""One script and one style sheet for all pages, and pictures that wait."""

import random
import re

from helpers.book import assets, pictures, sheet


def test_every_icon_is_drawn_and_no_file_is_left_that_nothing_names(html, pages):
    texts = [path.read_text(encoding="utf-8") for path in pages]
    css = (html / assets.SHEET).read_text(encoding="utf-8")
    icons = {name for text in texts for name in re.findall(r"\bglyph (glyph-[\w-]+)", text)}
    assert icons and {name for name in icons if f".{name}" not in css} == set()
    assert not any("fa-solid" in text for text in texts)
    assert [path.name for path in (html / "_static").rglob("*.map")] == []


NAMES = ["aa", "ab", "b", "c-d", "e_f", "g"]
TAGS = ["p", "i", "b"]


def drawn_sheet(rng):
    """A sheet of rules of every kind, and the words of a page for some of them."""

    def simple():
        tag, name = rng.choice(TAGS), rng.choice(NAMES)
        return rng.choice(
            [
                tag,
                f".{name}",
                f"{tag}.{name}",
                f"#{name}",
                f".{name}:not(.{rng.choice(NAMES)})",
                f":is(.{name}, {tag} .{rng.choice(NAMES)})",
                f'[title="a,b{{"].{name}',
            ]
        )

    def rule():
        chosen = [
            rng.choice([" ", " > ", " + "]).join(simple() for _ in range(rng.randint(1, 2)))
            for _ in range(rng.randint(1, 3))
        ]
        value = rng.randint(0, 250)
        said = rng.choice(
            [
                f"color: rgb({value} 1 2)",
                f"--own: rgb(9 {value} 2); background: var(--own)",
                f"--far: var(--own); --lost: {value}px; outline-color: var(--far, red)",
                f"--text: 'a;}}b'; quotes: var(--text) '{value}'",
            ]
        )
        return f"{', '.join(chosen)} {{ {said}; }}"

    parts = []
    for _ in range(40):
        one = rng.choice(["{}", "/* a } */ {}", "@media screen {{ {} }}", "@media print {{ {} }}"])
        parts.append(one.replace("{}", rule()).replace("{{", "{").replace("}}", "}"))
    there = rng.sample(NAMES, 3)
    words = "".join(
        f'<{tag} class="{rng.choice(there)}" id="{rng.choice(there)}" title="a,b{{">'
        f'x<b class="{rng.choice(there)}">y</b></{tag}>'
        for tag in rng.choices(TAGS, k=12)
    )
    return "\n".join(parts), words, set(there)


LOOK = """() => [...document.querySelectorAll('main *')].map(one => {
  const style = getComputedStyle(one);
  return [style.color, style.backgroundColor, style.outlineColor, style.quotes].join('|');
})"""


def test_a_sheet_of_what_is_used_draws_the_same(browser):
    page, shorter = browser.new_page(), 0
    for seed in range(25):
        css, words, there = drawn_sheet(random.Random(seed))
        small = sheet.asked(sheet.used(css, there), there)
        looks = []
        for one in (css, small):
            page.set_content(f"<style>{one}</style><main>{words}</main>")
            looks.append(page.evaluate(LOOK))
        assert looks[0] == looks[1], f"seed {seed}"
        shorter += len(small) < 0.8 * len(css)
    assert shorter == 25
    page.close()


def test_a_colour_stays_that_only_a_drawing_in_a_page_asks_for(tmp_path, browser):
    (tmp_path / "_static").mkdir()
    sheet_of = "html { --wanted: rgb(1, 2, 3); --idle: rgb(4, 5, 6) }"
    (tmp_path / "_static" / "a.css").write_text(sheet_of)
    (tmp_path / "index.html").write_text(
        '<html><head><meta charset="utf-8" /><link rel="stylesheet" href="_static/a.css" /></head>'
        "<body><style>b { color: var(--wanted, red) }</style><b>x</b></body></html>"
    )
    assets.join(tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    look = page.locator("b").evaluate("one => getComputedStyle(one).color")
    assert look == "rgb(1, 2, 3)"
    assert "--idle" not in (tmp_path / assets.SHEET).read_text()
    page.close()


def test_what_all_pages_load_becomes_one_and_keeps_its_order(tmp_path, browser):
    (tmp_path / "_static/deep").mkdir(parents=True)
    (tmp_path / "part").mkdir()
    for name, text in {
        "one.js": "const SAID = ['one'];\n//# sourceMappingURL=one.js.map",
        "two.js": "SAID.push('two')",
        "togglebutton.js": "SAID.push('never')",
        "fontawesome.js": "SAID.push('never')",
        "lost.png": "",
        "kept.png": "",
        "deep/base.css": ".a { color: rgb(1, 1, 1) }",
        "deep/all.css": '@import "base.css";\n.a { background: url(../kept.png) } .none { top: 0 }',
    }.items():
        (tmp_path / "_static" / name).write_text(text)
    for name, up in {"index.html": "", "part/two.html": "../"}.items():
        scripts = "".join(
            f'<script src="{up}_static/{one}.js"></script>'
            for one in ("one", "fontawesome", "togglebutton", "two")
        )
        own = '<script src="own.js"></script>' if up else ""
        (tmp_path / name).write_text(
            f'<html><head><meta charset="utf-8" /><link rel="stylesheet" '
            f'href="{up}_static/deep/all.css?v=1" />{scripts}{own}'
            "<script>SAID.push('aside')</script></head><body><p class='a' "
            'class="a">x</p><i class="a"></i></body></html>'
        )
    assets.join(tmp_path)
    assert sorted(path.name for path in (tmp_path / "_static").rglob("*")) == [
        "book.css",
        "book.js",
        "kept.png",
    ]
    assert 'src="own.js"' in (tmp_path / "part/two.html").read_text()
    page = browser.new_page()
    for name in ("index.html", "part/two.html"):
        page.goto((tmp_path / name).as_uri())
        assert page.evaluate("SAID") == ["one", "aside", "two"]
        look = page.locator("i").evaluate("one => getComputedStyle(one).backgroundImage")
        assert look.endswith('_static/kept.png")')
    page.close()


def test_a_drawing_keeps_its_room_and_others_only_wait(tmp_path):
    (tmp_path / "a b.svg").write_text("<?xml?><svg width='9pt' viewBox=\"0 0 640.4 320\"></svg>")
    (tmp_path / "b.svg").write_text("<svg></svg>")
    page = '<img alt="x" src="a%20b.svg" /><img src="b.svg"/><img src="data:image/png;base64,xx">'
    assert pictures.waiting(page, tmp_path) == (
        '<img loading="lazy" width="640" height="320" alt="x" src="a%20b.svg" />'
        '<img loading="lazy" src="b.svg"/><img src="data:image/png;base64,xx">'
    )
    assert pictures.waiting(pictures.waiting(page, tmp_path), tmp_path).count("lazy") == 2
