"""What axe-core finds on the pages of the book, in either colour theme."""

import importlib.util
from pathlib import Path

import pytest

AXE = importlib.util.find_spec("axe_playwright_python")
pytestmark = pytest.mark.skipif(
    AXE is None, reason="axe-core is not installed (axe-playwright-python carries it)"
)
# The themes share their structure, so that in the second one only colours can be wrong.
ASKED = {"light": "{}", "dark": "{runOnly: ['color-contrast']}"}
# On a long page the rule of colours takes minutes, since it looks at each word for itself. Words
# that look alike on grounds that look alike have one contrast: three of each look stand for all.
# Words that may lie over others are all asked about, and a single character, of which axe is never
# sure, stands for no word.
LOOKS = """() => {
  const seen = new Map(), plain = 'rgba(0, 0, 0, 0) none 1 none';
  for (const one of document.body.querySelectorAll('*')) {
    const text = [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
      .map(node => node.data.trim()).join('');
    if (!text || !one.checkVisibility({visibilityProperty: true})) continue;
    const own = getComputedStyle(one);
    const look = [own.color, own.fontSize, own.fontWeight, own.textShadow, text.length > 1];
    let over = false;
    for (let up = one; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      const ground =
        [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join(' ');
      if (ground !== plain) look.push(ground);
      over ||= ['absolute', 'fixed'].includes(style.position);
    }
    const key = look.join('|'), count = (seen.get(key) || 0) + 1;
    seen.set(key, count);
    if (over || count <= 3) one.dataset.look = '';
  }
}"""


def findings(page, theme):
    """Serious findings on an open page: the rule and the first place."""
    page.evaluate((Path(AXE.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8"))
    page.evaluate(LOOKS)
    page.evaluate("axe.configure({rules: [{id: 'color-contrast', selector: '[data-look]'}]})")
    asked = f"axe.run(document, {{resultTypes: ['violations'], ...{ASKED[theme]}}})"
    return [
        (one["id"], one["nodes"][0]["target"])
        for one in page.evaluate(asked)["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ASKED)
def test_no_serious_accessibility_finding(pages, browser, theme):
    context = browser.new_context(color_scheme=theme)
    page, found = context.new_page(), []
    for path in pages:
        page.goto(path.as_uri())
        if (number := page.locator("a.num").first).count():
            number.click()  # with the box open
        found += [(path.name, *one) for one in findings(page, theme)]
    context.close()
    assert found == []


PALE = "color: #bbb"
SAME = "<p>Dark words on a white ground.</p>" * 50


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
    assert findings(page, "dark") == []
    page.set_content(f"{html}<main><h1>A page</h1>{SAME}{planted}{SAME}</main>")
    assert [rule for rule, _ in findings(page, "dark")] == ["color-contrast"]
    page.close()


def test_what_is_no_matter_of_colours_is_found(browser):
    page = browser.new_page()
    page.set_content(
        '<html lang="en"><title>A page</title><main><h1>A page</h1><img src="x.png"></main>'
    )
    assert [rule for rule, _ in findings(page, "light")] == ["image-alt"]
    page.close()
