"""Drawings in a page: whole, legible in light and dark, and answering to pointer and keys."""

import io
import json
import re
from itertools import combinations

import matplotlib.pyplot as plt
import pytest

from helpers.base import paths
from helpers.book.drawings import drawn
from helpers.book.fonts import letters, write_fonts
from helpers.book.inline import Looks, in_the_dark, inline, known_colours
from helpers.book.policy import with_policy
from helpers.figures.drawn import drawings
from helpers.figures.maps import outlines
from helpers.figures.narrow import make_narrow
from helpers.figures.style import GRID, INK, MUTED, PALETTE, use_style

STATIC = paths.BOOK / "_static"
SHEET = (STATIC / "figures.css").read_text(encoding="utf-8")
DARK = dict(re.findall(r"--c([0-9a-f]{6}): (#[0-9a-f]{6})", SHEET))
PAPER = DARK["ffffff"]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*PALETTE, INK, MUTED])
def test_letters_and_marks_stand_out_on_dark_paper(colour):
    dark = DARK[colour[1:].lower()]
    assert contrast(dark, PAPER) >= 4.5


def test_the_palette_is_as_many_colours_in_the_dark():
    dark = [DARK[colour[1:].lower()] for colour in PALETTE]
    for one, other in combinations(dark, 2):
        far = sum(
            (int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) ** 2 for at in (1, 3, 5)
        )
        assert far**0.5 > 60, (one, other)


def test_the_grid_stays_behind_what_is_drawn():
    assert 1.2 < contrast(DARK[GRID[1:].lower()], PAPER) < 3


def test_a_scale_that_darkens_on_white_lightens_in_the_dark():
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    for name in ("Blues", "YlOrRd", "Greys"):
        scale = [to_hex(colormaps[name](step / 10))[1:] for step in range(11)]
        seen = [luminance(in_the_dark(colour)) for colour in scale]
        assert seen == sorted(seen) and seen[-1] > 4 * seen[0], name
        assert contrast(in_the_dark(scale[-1]), PAPER) >= 3


def figure():
    made, axes = plt.subplots()
    for number, name in enumerate(("the press <i>", "an institute")):
        axes.plot([2021, 2022, 2023], [10 + number, 400, 1500 - 200 * number], "o-", label=name)
    axes.set(xlabel="year", ylabel="deaths", title="Zoë’s ≥ 3 places")
    axes.legend()
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two figures of a stage, one without marks, and a page that shows both."""
    use_style()
    place = tmp_path_factory.mktemp("page")
    for name in ("rise", "fall"):
        one = drawings(figure())
        (place / f"{name}.svg").write_text(one.wide, encoding="utf-8")
        (place / f"{name}.narrow.svg").write_text(one.narrow, encoding="utf-8")
    told = json.dumps(one.marks | {"source": "made up </script><script>window.bad = 1</script>"})
    (place / "rise.marks.json").write_text(told, encoding="utf-8")
    static = place / "_static"
    write_fonts(place, static)
    for name in ("figures.css", "figure.js", "compendium.css"):
        (static / name).write_bytes((STATIC / name).read_bytes())
    known = known_colours(STATIC / "figures.css")
    parts = "".join(
        f"<figure>{drawn(place / f'{name}.svg', name, 'Lines of <two> sources.', known)}"
        f"<figcaption>A caption. <a href='#'>link</a></figcaption></figure>"
        for name in ("rise", "fall")
    )
    page = (
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>t</title>'
        '<link rel="stylesheet" href="_static/compendium.css">'
        '<link rel="stylesheet" href="_static/figures.css">'
        '<script src="_static/figure.js"></script>'
        '<style>html[data-theme="dark"] body { background: #121212 }</style></head>'
        f'<body class="bd-article"><a href="#" id="before">before</a>{parts}</body></html>'
    )
    (place / "index.html").write_text(with_policy(page, ()), encoding="utf-8")
    plt.close("all")
    return place


def test_no_two_parts_of_a_page_have_one_id_and_every_reference_leads_to_one(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 3
    used = re.findall(r'href="#([^"]+)"', page) + re.findall(r"url\(#([^)]+)\)", page)
    assert used and set(used) <= set(ids)


def test_a_label_of_a_table_stays_text(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "the press &lt;i&gt;" in page and "<i>" not in page
    assert 'aria-label="Lines of &lt;two&gt; sources."' in page
    assert "</script><script>window.bad" not in page


def test_a_drawing_in_a_page_loses_nothing_that_is_seen(folder):
    for name in ("rise.svg", "rise.narrow.svg"):
        svg = (folder / name).read_text(encoding="utf-8")
        inside = inline(svg, "x", "wide", "", Looks())
        for tag in ("text", "use"):
            assert inside.count(f"<{tag} ") == svg.count(f"<{tag} "), tag
        # Lines that look alike may be one path of several parts.
        paths = [" ".join(re.findall(r' d="([^"]*)"', one)) for one in (svg, inside)]
        assert paths[0].count("M") == paths[1].lower().count("m") > 20
        said = re.compile(r"<text[^>]*>([^<]*)")
        assert said.findall(inside) == said.findall(svg)
        assert len(inside) < 0.45 * len(svg)


def test_the_powers_of_an_axis_stay_in_a_page():
    use_style()
    made, axes = plt.subplots()
    axes.plot([1, 100, 10_000], [1, 20, 3000])
    axes.set(xscale="log", yscale="log")
    drawn_twice = drawings(made)
    for svg in (drawn_twice.wide, drawn_twice.narrow):
        inside = inline(svg, "x", "wide", "", Looks())
        parts = [re.findall(r"<tspan[^>]*>([^<]+)<", one) for one in (svg, inside)]
        assert parts[0] == parts[1] and "10" in "".join(parts[1])


def test_the_fonts_hold_every_letter_that_is_drawn(folder):
    from fontTools.ttLib import TTFont

    assert {"ë", "≥", "’"} <= set(letters(folder))
    for name in ("figures.woff", "figures-bold.woff"):
        file = folder / "_static" / name
        assert set(map(ord, letters(folder))) <= set(TTFont(file).getBestCmap())
        assert file.stat().st_size < 30_000
    before = (folder / "_static/figures.woff").read_bytes()
    write_fonts(folder, folder / "again")
    assert (folder / "again/figures.woff").read_bytes() == before


@pytest.fixture(scope="module")
def phone(browser, folder):
    yield from opened(browser, folder, 390)


@pytest.fixture(scope="module")
def desk(browser, folder):
    yield from opened(browser, folder, 1200)


def opened(browser, folder, width):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, accept_downloads=True, has_touch=width < 400
    )
    page = context.new_page()
    page.faults = []
    page.on("console", lambda one: page.faults.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda one: page.faults.append(str(one)))
    page.goto((folder / "index.html").as_uri())
    page.evaluate("document.fonts.ready")
    yield page
    assert page.faults == []
    context.close()


def seen(page, css):
    return page.locator(f".drawn > svg.{css}").first.is_visible()


def test_the_drawing_that_fits_is_shown_and_nothing_is_swiped(phone, desk):
    assert seen(phone, "narrow") and not seen(phone, "wide")
    assert seen(desk, "wide") and not seen(desk, "narrow")
    for page in (phone, desk):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.emulate_media(media="print")
    assert seen(desk, "wide")
    desk.emulate_media(media="screen")
    phone.emulate_media(media="print")
    assert seen(phone, "wide") and not seen(phone, "narrow")
    phone.emulate_media(media="screen")


@pytest.mark.parametrize("horizontal", [True, False])
@pytest.mark.parametrize("grid", [True, False])
def test_a_scale_of_colours_goes_dark_with_what_it_explains(horizontal, grid):
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    ends = {to_hex(colormaps["YlOrRd"](place))[1:] for place in (0.0, 1.0)}
    made, axes = plt.subplots()
    mesh = axes.pcolormesh([[0, 1], [2, 3]], cmap="YlOrRd")
    told = mesh if grid else plt.cm.ScalarMappable(plt.Normalize(0, 3), "YlOrRd")
    made.colorbar(told, ax=axes, orientation="horizontal" if horizontal else "vertical")
    one = drawings(made)
    for svg in (one.wide, one.narrow):
        assert "<image" not in svg
        looks = Looks()
        inline(svg, "x", "wide", "", looks)
        assert ends <= looks.colours


@pytest.mark.parametrize(("width", "css"), [(600, "wide"), (450, "wide"), (358, "narrow")])
def test_a_small_drawing_stays_wide_where_it_is_legible(tmp_path, browser, width, css):
    made, axes = plt.subplots(figsize=(4.8, 3.6))
    axes.plot([2021, 2022], [1, 2])
    one = drawings(made)
    (tmp_path / "a.svg").write_text(one.wide, encoding="utf-8")
    (tmp_path / "a.narrow.svg").write_text(one.narrow, encoding="utf-8")
    page = browser.new_page()
    inside = drawn(tmp_path / "a.svg", "a", "A line.", set())
    page.set_content(f"<style>{SHEET}</style><div style='width:{width}px'>{inside}</div>")
    assert [name for name in ("wide", "narrow") if seen(page, name)] == [css]
    page.close()


def test_letters_have_the_width_with_which_they_were_measured(phone):
    assert phone.evaluate(
        "[...document.fonts].filter(one => one.family === 'Drawn')"
        ".every(one => one.status === 'loaded')"
    )
    inside = """() => {
      const svg = document.querySelector('svg.narrow'), whole = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')]
        .map(text => [text.textContent, text.getBoundingClientRect()])
        .filter(([, box]) => box.left < whole.left - 1 || box.right > whole.right + 1
          || box.top < whole.top - 2 || box.bottom > whole.bottom + 2).map(([said]) => said) }"""
    assert phone.evaluate(inside) == []
    sizes = """() => { const svg = document.querySelector('svg.narrow');
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return Math.min(...[...svg.querySelectorAll('text')].map(
        text => parseFloat(getComputedStyle(text).fontSize) * scale)) }"""
    assert phone.evaluate(sizes) >= 9


def test_in_the_dark_the_letters_and_the_lines_change(desk):
    ink = "getComputedStyle(document.querySelector('svg.wide text')).fill"
    light = desk.evaluate(ink)
    desk.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = desk.evaluate(ink)
    lines = desk.evaluate(
        "[...document.querySelectorAll('svg.wide [data-series] path')]"
        ".map(one => getComputedStyle(one).stroke)"
    )
    desk.emulate_media(media="print")
    paper = desk.evaluate(ink)
    desk.emulate_media(media="screen")
    desk.evaluate("document.documentElement.dataset.theme = 'light'")
    assert light == paper != dark
    first = tuple(int(DARK[PALETTE[0][1:].lower()][at : at + 2], 16) for at in (1, 3, 5))
    assert f"rgb{first}" in lines


def test_the_arrow_keys_read_the_marks_and_a_figure_is_one_stop(desk):
    desk.locator("#before").focus()
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.dataset.name") == "rise"
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowRight")
    box = desk.locator(".mark-box").first
    assert box.inner_text().split("\n")[:3] == [
        "the press <i> · Zoë’s ≥ 3 places",
        "year: 2022",
        "deaths: 400",
    ]
    assert "Source: made up" in box.inner_text()
    assert "deaths: 400" in desk.locator(".figure-said").first.inner_text()
    desk.keyboard.press("ArrowDown")
    assert box.inner_text().startswith("an institute")
    desk.keyboard.press("Escape")
    assert not box.is_visible()
    desk.keyboard.press("Tab")  # the link of the caption
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.dataset.name") == "fall"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_pointer_finds_the_nearest_mark(width, request):
    page = request.getfixturevalue(width)
    css = {"desk": "wide", "phone": "narrow"}[width]
    told = json.loads(page.locator("script.marks").first.text_content())
    mark = told["marks"][2]
    place = page.evaluate(
        f"""([x, y]) => {{ const svg = document.querySelector('svg.{css}');
          svg.scrollIntoView(); const box = svg.getBoundingClientRect();
          const scale = box.width / svg.viewBox.baseVal.width;
          return [box.left + x * scale + 4, box.top + y * scale - 3] }}""",
        mark[2:4] if css == "wide" else mark[4:6],
    )
    if width == "phone":
        page.touchscreen.tap(*place)
    else:
        page.mouse.move(*place)
    box = page.locator(".mark-box").first
    assert "deaths: 1,500" in box.inner_text()
    edges = page.evaluate(
        "(() => { const at = document.querySelector('.mark-box').getBoundingClientRect();"
        " return [at.left, innerWidth - at.right] })()"
    )
    assert min(edges) >= 0
    page.keyboard.press("Escape")
    assert not box.is_visible()


def atlas():
    """A map of two units that embrace each other, beside intervals and bars."""
    made, (left, middle, right) = plt.subplots(1, 3, figsize=(9, 3))
    shapes = {"inner": [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]}
    shapes["outer"] = [[0, 0], [9, 0], [9, 9], [7, 9], [7, 2], [2, 2], [2, 9], [0, 9], [0, 0]]
    shapes["tiny"] = [[8, 1], [8.15, 1], [8.15, 1.15], [8, 1.15], [8, 1]]
    features = [
        {"properties": {"name": name}, "geometry": {"coordinates": [[ring]]}}
        for name, ring in shapes.items()
    ]
    said = {"inner": "deaths: 1", "outer": "deaths: 2", "tiny": "deaths: 3"}
    outlines(left, {"features": features}, said=said)
    middle.hlines([0, 1], [1, 30], [90, 90], linewidth=2)
    middle.plot([20, 60], [0, 1], "o")
    right.barh(["a row", "another"], [90, 40])
    return made


POINTED = {  # where in the panel, by its data, and what is said
    "a unit whose middle is far": (0, (1, 8), "outer"),
    "the unit inside": (0, (5, 5), "inner"),
    "an interval far from its dot": (1, (88, 0), "from 1 to 90"),
    "the other one": (1, (86, 1), "from 30 to 90"),
    "a bar at its foot": (2, (2, 0), "a row"),
}


@pytest.fixture(scope="module")
def mapped(tmp_path_factory):
    """The page of an atlas."""
    use_style()
    folder, two = tmp_path_factory.mktemp("map"), drawings(atlas())
    (folder / "map.svg").write_text(two.wide, encoding="utf-8")
    (folder / "map.narrow.svg").write_text(two.narrow, encoding="utf-8")
    told = json.dumps(two.marks | {"source": "made up"})
    (folder / "map.marks.json").write_text(told, encoding="utf-8")
    html = drawn(folder / "map.svg", "map", "A map.", known_colours(STATIC / "figures.css"))
    names = ("compendium.css", "figures.css", "figure.js")
    looks, more, script = ((STATIC / name).read_text(encoding="utf-8") for name in names)
    page = folder / "page.html"
    page.write_text(
        '<!DOCTYPE html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<style>{looks}{more}</style><script>{script}</script>"
        f'<body class="bd-article"><figure>{html}</figure>',
        encoding="utf-8",
    )
    plt.close("all")
    return page


@pytest.mark.parametrize("width", [1000, 390])
@pytest.mark.parametrize("case", POINTED)
def test_bars_intervals_and_shapes_answer_all_over(mapped, browser, width, case):
    panel, at, said = POINTED[case]
    use_style()
    figure, css = atlas(), "narrow" if width < 600 else "wide"
    figure.draw_without_rendering()
    if css == "narrow":
        make_narrow(figure)
    x, y = figure.axes[panel].transData.transform(at) * 72 / figure.dpi
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"file://{mapped}")
    place = page.evaluate(
        f"""([x, y]) => {{ const svg = document.querySelector('svg.{css}');
          svg.scrollIntoView(); const box = svg.getBoundingClientRect();
          const scale = box.width / svg.viewBox.baseVal.width;
          return [box.left + x * scale, box.top + y * scale] }}""",
        [x, figure.get_figheight() * 72 - y],
    )
    box = page.locator(".mark-box")
    page.mouse.move(*place)
    assert said in box.inner_text() and "Source: made up" in box.inner_text()
    page.mouse.move(1, 1)
    page.mouse.click(*place)
    assert said in page.locator(".figure-said").inner_text()
    page.close()
    plt.close("all")


@pytest.mark.parametrize("width", [1000, 390])
def test_a_finger_gets_every_unit_and_lets_go_of_it(mapped, browser, width):
    context = browser.new_context(
        viewport={"width": width, "height": 2000}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"file://{mapped}")
    corners = page.evaluate(
        """() => [...document.querySelectorAll('svg [data-shape] > *')].map(
          one => one.getBoundingClientRect()).filter(box => box.width)
          .map(box => [box.left, box.top, box.width, box.height])"""
    )
    inner, outer, tiny = corners
    assert max(tiny[2:]) < 12 < min(inner[2:])
    box = page.locator(".mark-box")
    for (left, top, wide, tall), at, name in (
        (inner, (0.5, 0.5), "inner"),
        (outer, (0.05, 0.1), "outer"),
        (tiny, (0.5, 0.5), "tiny"),
        (outer, (0.5, 0.95), "outer"),
        (tiny, (0.5 - 6 / tiny[2], 0.5 + 6 / tiny[3]), "tiny"),
    ):
        page.touchscreen.tap(left + at[0] * wide, top + at[1] * tall)
        assert name in box.inner_text() and name in page.locator(".figure-said").inner_text()
    page.touchscreen.tap(tiny[0], tiny[1])
    assert not box.is_visible()  # a second tap
    page.touchscreen.tap(inner[0] + 5, inner[1] + 5)
    assert box.is_visible()
    page.touchscreen.tap(width - 3, 1990)
    assert not box.is_visible()  # a tap elsewhere
    context.close()


def test_keys_read_units_and_intervals_and_the_figure_is_one_stop(mapped, browser):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.goto(f"file://{mapped}")
    page.keyboard.press("Tab")
    heard = ""
    for key in ("ArrowRight", *["ArrowRight"] * 2, *["ArrowDown", "Home", "ArrowRight"] * 2):
        page.keyboard.press(key)
        heard += page.locator(".figure-said").inner_text() + "\n"
    for said in ("inner, deaths: 1", "outer, deaths: 2", "from 30 to 90", "another"):
        assert said in heard
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")
    page.close()


def test_a_series_is_switched_off_and_says_nothing_then(phone):
    name = phone.locator(".figure-tools button").first
    assert name.get_attribute("aria-pressed") == "true" and "the press <i>" in name.inner_text()
    parts = phone.locator('svg.narrow [data-series="0"]')
    shown = parts.first.is_visible()
    name.click()
    assert shown and not parts.first.is_visible() and name.get_attribute("aria-pressed") == "false"
    phone.locator(".drawn").first.focus()
    phone.keyboard.press("Home")
    assert phone.locator(".mark-box").first.inner_text().startswith("an institute")
    phone.keyboard.press("Escape")
    name.click()
    assert parts.first.is_visible()


def test_every_target_is_large_enough(phone):
    sizes = phone.evaluate(
        "[...document.querySelectorAll('.figure-tools button')]"
        ".map(one => one.getBoundingClientRect())"
        ".map(box => Math.min(box.width, box.height))"
    )
    assert len(sizes) >= 6 and min(sizes) >= 24


def test_a_drawing_is_saved_as_svg_and_as_picture(desk):
    from PIL import Image

    tools = desk.locator(".figure-tools").first
    with desk.expect_download() as waited:
        tools.get_by_role("button", name="SVG").click()
    saved = waited.value.path().read_text(encoding="utf-8")
    assert waited.value.suggested_filename == "rise.svg"
    assert "var(--" not in saved and "deaths" in saved and 'width="518' in saved
    with desk.expect_download() as waited:
        tools.get_by_role("button", name="PNG").click()
    picture = Image.open(io.BytesIO(waited.value.path().read_bytes())).convert("RGB")
    assert picture.width > 1500
    assert len(picture.resize((300, 160)).getcolors(48_000)) > 20  # not a blank sheet
