"""What axe-core finds on the pages of the book, in either colour theme."""

import importlib.util
from pathlib import Path

import pytest

AXE = importlib.util.find_spec("axe_playwright_python")
pytestmark = pytest.mark.skipif(
    AXE is None, reason="axe-core is not installed (axe-playwright-python carries it)"
)
# The themes share their structure, so that in the second one only colours can be wrong; and the
# pages of the reference share one template, so that there one of them stands for all.
ASKED = {"light": "{}", "dark": "{runOnly: ['color-contrast']}"}


def chosen(pages, theme):
    reference = [path for path in pages if path.parent.name == "reference"]
    return [path for path in pages if theme == "light" or path not in reference[1:]]


@pytest.mark.parametrize("theme", ASKED)
def test_no_serious_accessibility_finding(pages, browser, theme):
    axe = (Path(AXE.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
    context = browser.new_context(color_scheme=theme)
    page, found = context.new_page(), []
    for path in chosen(pages, theme):
        page.goto(path.as_uri())
        page.evaluate(axe)
        if (number := page.locator("a.num").first).count():
            number.click()  # with the box open
        asked = f"axe.run(document, {{resultTypes: ['violations'], ...{ASKED[theme]}}})"
        for one in page.evaluate(asked)["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append((path.name, one["id"], one["nodes"][0]["target"]))
    context.close()
    assert found == []
