"""Each fault is found by how axe-core looks at a page of the book, in either colour theme.

The book's own pages are looked at in ``test_browser.py``, where they are open anyway.
"""

import importlib.util
from pathlib import Path

import pytest

AXE = importlib.util.find_spec("axe_playwright_python")
needs_axe = pytestmark = pytest.mark.skipif(
    AXE is None, reason="axe-core is not installed (axe-playwright-python carries it)"
)
# The themes share their structure, so that in the second one only colours can be wrong.
COLOUR = "color-contrast"
ASKED = {"light": "{}", "dark": f"{{runOnly: ['{COLOUR}']}}"}
STILL = "*, ::before, ::after { transition: none !important; animation: none !important }"
# On a long page the rule of colours takes minutes, since it looks at each word for itself. Words
# that look alike on grounds that look alike have one contrast: three of each look stand for all.
# Words that may lie over others are all asked about, and a single character, of which axe is never
# sure, stands for no word.
LOOKS = """() => {
  const seen = new Map(), grounds = new Map([[null, {look: '', over: false}]]);
  const plain = 'rgba(0, 0, 0, 0) none 1 none';
  const under = one => {
    if (grounds.has(one)) return grounds.get(one);
    const style = getComputedStyle(one), {look, over} = under(one.parentElement);
    const own =
      [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join(' ');
    const ground = {
      look: own === plain ? look : own + '|' + look,
      over: over || ['absolute', 'fixed'].includes(style.position),
    };
    grounds.set(one, ground);
    return ground;
  };
  for (const one of document.body.querySelectorAll('*')) {
    const text = [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
      .map(node => node.data.trim()).join('');
    if (!text || !one.checkVisibility({visibilityProperty: true})) continue;
    const own = getComputedStyle(one), {look, over} = under(one);
    const key = [own.color, own.fontSize, own.fontWeight, own.textShadow, text.length > 1, look]
      .join('|');
    const count = (seen.get(key) || 0) + 1;
    seen.set(key, count);
    if (over || count <= 3) one.dataset.look = '';
  }
}"""
# Axe takes as long as there are elements, and most of a long page are coloured words of code and
# words of code or weight in a sentence. Where others stand for such a word in every theme, and it
# is nothing but a run of text, the text alone is left.
UNWRAP = """() => {
  const plain = one => {
    const style = getComputedStyle(one);
    return style.display === 'inline' && style.position === 'static';
  };
  const bare = one => !one.childElementCount
    && [...one.attributes].every(({name}) => name === 'class');
  const words = () => [...document.querySelectorAll(
    'pre span, code span, main code, main strong, main em')].filter(bare).filter(plain);
  // All are asked before one goes: a browser that is asked in between works out the page anew.
  for (let left = words(); left.length; left = words()) {
    for (const one of left) one.replaceWith(...one.childNodes);
  }
}"""
# Where colours alone are asked about, a block without a word that stands for others, and without a
# ground or a place of its own inside, keeps its size and loses what is in it.
EMPTY = """() => {
  const needed = new Set(), plain = 'rgba(0, 0, 0, 0) none 1 none static none';
  for (const one of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(one);
    const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
      style.position, style.float].join(' ');
    if (own === plain && !('look' in one.dataset)) continue;
    for (let up = one; up && !needed.has(up); up = up.parentElement) needed.add(up);
  }
  const blocks = [...document.body.querySelectorAll('*')].filter(one => !needed.has(one)
    && one.childElementCount && getComputedStyle(one).display === 'block');
  const heights = blocks.map(one => one.getBoundingClientRect().height);
  blocks.forEach((one, at) => {
    one.style.boxSizing = 'border-box';
    one.style.height = `${heights[at]}px`;
    one.replaceChildren();
  });
}"""


# The book hears of a new theme a moment later; a page without themes of its own has none to change.
DRESSED = """theme => matchMedia(`(prefers-color-scheme: ${theme})`).matches
  && [undefined, theme].includes(document.documentElement.dataset.theme)"""


def dress(page, theme):
    """Show a page in a theme."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(DRESSED, arg=theme)


def findings(page):
    """Serious findings on an open page, by theme: the rule and the first place."""
    page.add_style_tag(content=STILL)
    page.evaluate((Path(AXE.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8"))
    page.evaluate("axe.configure({rules: [{id: 'color-contrast', selector: '[data-look]'}]})")
    for theme in ASKED:
        dress(page, theme)
        page.evaluate(LOOKS)
    page.evaluate(UNWRAP)
    found = {}
    for theme, asked in ASKED.items():
        dress(page, theme)
        if COLOUR in asked:
            page.evaluate(EMPTY)
        told = page.evaluate(f"axe.run(document, {{resultTypes: ['violations'], ...{asked}}})")
        found[theme] = [
            (one["id"], one["nodes"][0]["target"])
            for one in told["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    return found


PALE = "color: #bbb"
SAME = "<div><p>Dark words on a white ground.</p></div>" * 50


@pytest.mark.parametrize(
    "planted",
    [
        f'<p style="{PALE}">Pale words.</p>',
        f'<p>Dark words and <b><i style="{PALE}">pale ones</i></b>.</p>',
        '<div style="background: #333"><p>Dark words on a dark ground.</p></div>',
        '<div style="opacity: 0.3"><p>Dark words that let the ground through.</p></div>',
        '<details open><summary>More</summary><p style="color: #999">Pale</p></details>',
        f'<p style="{PALE}; display: none">Hidden.</p><p style="{PALE}">Pale words.</p>',
        f'<p style="{PALE}">(</p>' * 5 + f'<p style="{PALE}">Pale words.</p>',
        '<div style="position: relative"><div style="background: #333; height: 60px"></div>'
        '<p style="position: absolute; top: 0">Dark words laid over a dark ground.</p></div>',
    ],
)
def test_colours_that_one_place_alone_has_are_found(browser, planted):
    page = browser.new_page()
    html = '<html lang="en"><title>A page</title><body style="background: #fff; color: #222">'
    page.set_content(f"{html}<main><h1>A page</h1>{SAME}</main>")
    assert findings(page) == {"light": [], "dark": []}
    page.set_content(f"{html}<main><h1>A page</h1>{SAME}{planted}{SAME}</main>")
    assert rules(page) == {"light": {"color-contrast"}, "dark": {"color-contrast"}}
    page.close()


def rules(page):
    """The rules that an open page breaks, by theme."""
    return {theme: {rule for rule, _ in told} for theme, told in findings(page).items()}


BOTH = {"light", "dark"}
CODE = '<pre tabindex="0"><code>{}</code></pre>'
# What is planted in a page of the book: the rule that it breaks, and in which themes.
FAULTS = {
    "pale words": (f'<p style="{PALE}; background: #ddd">Pale</p>', COLOUR, BOTH),
    "pale in the light": ('<p class="in-light">Pale</p>', COLOUR, {"light"}),
    "pale in the dark": ('<p class="in-dark">Pale</p>', COLOUR, {"dark"}),
    "code": (CODE.format('<span style="color: #888; background: #999">if</span>'), COLOUR, BOTH),
    # In the other theme these look as the words of code around them do.
    "code in the light": (CODE.format('<span class="n in-light">if</span>'), COLOUR, {"light"}),
    "code in the dark": (CODE.format('<span class="n in-dark">if</span>'), COLOUR, {"dark"}),
    "code in code": (
        CODE.format('<span class="n"><span class="in-dark">if</span></span>'),
        COLOUR,
        {"dark"},
    ),
    "code with a place": (
        CODE.format('<span style="position: relative; background: #777; color: #888">if</span>'),
        COLOUR,
        BOTH,
    ),
    "no words for a picture": ('<img src="x.png">', "image-alt", {"light"}),
    "no words of a link": ('<a href="#x"></a>', "link-name", {"light"}),
    "no words of a button": ("<button></button>", "button-name", {"light"}),
    "a role that is none": ('<p role="nothing">Words</p>', "aria-roles", {"light"}),
    "a role in code": (
        CODE.format('<span class="n" role="nothing">if</span>'),
        "aria-roles",
        {"light"},
    ),
    "a field without a label": ("<input type='text'>", "label", {"light"}),
    "a list of no items": ("<ul><p>Words</p></ul>", "list", {"light"}),
}
SHADES = """
html[data-theme=light] .in-light { color: #bbb !important }
html[data-theme=dark] .in-dark { color: #444 !important }
"""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_page_of_the_book_is_found(html, browser, fault):
    planted, rule, themes = FAULTS[fault]
    page = browser.new_page()
    page.goto((html / "search.html").as_uri())
    page.add_style_tag(content=SHADES)
    around = CODE.format('<span class="n">one</span> ' * 9)
    page.locator("main").first.evaluate("(one, added) => { one.innerHTML += added }", around)
    page.locator("main").first.evaluate("(one, added) => { one.innerHTML += added }", planted)
    found = rules(page)
    assert {theme for theme, told in found.items() if rule in told} == themes
    page.close()
