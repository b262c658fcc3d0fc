"""Hostile text in every place that data can reach is shown as text; it runs and reads nothing."""

import itertools
import json
import re
from urllib.parse import quote

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import Project, make_project

from helpers.base import markup
from helpers.book import allowed, policy
from helpers.raw.put import stamp

CANARY = "canary-f3a9-of-a-file-nobody-should-read"


def hostile() -> list[str]:
    """Every family with every member: tags and handlers, schemes, fences, roles and the rest."""
    run = "window.__hit=1"
    tags = [
        f"<{tag} {handler}={mark}{run}{mark}>"
        for tag, handler in (
            ("img src=x", "onerror"),
            ("svg", "onload"),
            ("details open", "ontoggle"),
            ("body", "onpageshow"),
            ("input autofocus", "onfocus"),
        )
        for mark in ("", "'", '"')
    ]
    ends = [
        f"{end}<script>{run}</script>"
        for end in ("", "-->", "</title>", "'>", '">', "]]>", "</td></table>", "</code>", "```")
    ]
    links = [
        form.format(f"{scheme}:{run}")
        for scheme in ("javascript", "JaVaScRiPt", "data", "file", "vbscript")
        for form in ("[x]({})", "<{}>", "![x]({})", "[x]: {}")
    ]
    names = ("include", "literalinclude", "eval-rst", "raw", "code-cell", "csv-table")
    fences = [
        f"{fence}{{{name}}} canary.txt{end}"
        for name, (fence, end) in itertools.product(
            names, (("```", " ```"), (":::", " :::"), ("~~~", " ~~~"))
        )
    ]
    roles = [f"{{{name}}}`canary.txt`" for name in ("download", "num", "says", "ref", "raw-html")]
    rest = [
        "{{ 7*7 }}",
        "{% include 'canary.txt' %}",
        "% a comment",
        "+++ a break",
        "(target)=",
        "[^1]: a note",
        "$x_0$ and $$y$$",
        r"\begin{align}a\end{align}",
        "<!-- a comment -->",
        "a | b || c",
        "&lt;b&gt; &copy; &#60;",
        "# a heading",
        "--- a rule",
        "1. one 2) two",
        "=cmd|' /C calc'!A0",
        "@SUM(A1)",
        "+1+2",
        "'; window.__hit=1; '",
        "`a` ``b`` ```c```",
        "back\\slash\\",
        'href="#nowhere"',
    ]
    return [*tags, *ends, *links, *fences, *roles, *rest]


STRINGS = hostile()


def plain(text: str) -> str:
    """Text as a reader sees it: marks of quotation and dashes are set by the builder."""
    text = re.sub('[“”"]', '"', re.sub("[‘’']", "'", text))
    return re.sub(r"\s+", " ", text.replace("…", "...").replace("—", "---").replace("–", "--"))


def test_there_are_more_than_sixty():
    assert len(set(STRINGS)) >= 60


@pytest.mark.parametrize("context", ["{}", "- {}", "## {}", "a {} b", "| a |\n| --- |\n| {} |"])
def test_markdown_from_data_is_text(context):
    from helpers.prose.digits import parser

    for text in STRINGS:
        tokens = parser().parse(context.format(markup.markdown(text)))
        inner = [one for token in tokens for one in token.children or []]
        assert {one.type for one in inner} <= {"text"}, text
        assert markup.line(text) in "".join(one.content for one in inner), text
        assert not {"fence", "colon_fence", "html_block", "code_block"} & {
            one.type for one in tokens
        }, text


def test_code_from_data_is_code():
    from helpers.prose.digits import parser

    for text in STRINGS:
        tokens = parser().parse(markup.code(text))
        assert [(one.type, one.content) for one in tokens[1].children] == [
            ("code_inline", markup.line(text))
        ]


@pytest.mark.parametrize("text", [one for one in STRINGS if re.match(r"```|:::|~~~", one)])
def test_a_page_may_not_use_what_reads_or_runs(text):
    body = text.replace(" ```", "\n```").replace(" :::", "\n:::").replace(" ~~~", "\n~~~")
    if "{" in body.split("\n")[0]:
        assert [line for line, _ in allowed.refused(f"# A\n\n{body}\n")][:1] == [3]


@pytest.mark.parametrize("outer", ["note", "dropdown A", "figure x.png", "list-table"])
def test_nor_inside_another_directive(outer):
    name, _, rest = outer.partition(" ")
    page = f"````{{{name}}} {rest}\n:name: x\n\n```{{include}} canary.txt\n```\n````\n"
    assert [what for _, what in allowed.refused(page)] == ["the directive '{include}'"]


@pytest.mark.parametrize(
    "text",
    [
        "![x](../../canary.png)",
        "![x](/etc/canary.png)",
        "![x](https://example.org/a.png)",
        "```{figure} ../canary.png\n```",
        "[x](/etc/passwd)",
        "[x](../canary.txt)",
        "[x](ftp://example.org)",
        "<b onclick='a()'>x</b>",
        "---\nmyst: {}\n---\n",
        "a <iframe>",
    ],
)
def test_nor_what_lies_outside_the_book(text):
    assert list(allowed.refused(text))


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The tiny project with hostile text wherever text goes, built once."""
    project = make_project(tmp_path_factory.mktemp("hostile"))
    (project.root / "book" / "canary.txt").write_text(CANARY)
    raw = project.root / "data" / "raw"
    side = raw / "published_figures.source.yml"
    told = yaml.safe_load(side.read_text())
    many = " § ".join(STRINGS)
    for name in ("producer", "title", "description", "citation_full", "version"):
        told[name] = many
    told |= {"built_by": many, "notes": STRINGS}
    told["licence"]["name"] = f"facts; {many}"
    told["columns"]["source"] |= {"unit": many, "meaning": many}
    side.write_text(yaml.safe_dump(told, allow_unicode=True))
    stamp(side.with_name("published_figures.csv"))
    (project.root / "book" / "references.bib").write_text(
        "@misc{one, author={A}, title={<script>window.__hit=1</script> {include}}, year={2020},\n"
        " url={javascript:window.__hit=1}, note={<img src=x onerror=window.__hit=1>}}\n"
    )
    index = project.root / "book" / "index.md"
    index.write_text(index.read_text() + "\n{cite}`one`\n\n```{bibliography}\n```\n")
    path = project.root / "notebooks" / "02-left.ipynb"
    notebook = nbformat.read(path, as_version=4)
    said = [one for one in STRINGS if not re.match(r"\{(num|says)\}", one)]
    code = f"""import json
strings = json.loads({json.dumps(json.dumps(said))})
worst = pd.DataFrame({{"word": strings, **{{one: 1 for one in strings}}}})
figure, axes = plt.subplots()
axes.set(title="$a_{{", xlabel="$$ \\\\x", ylabel=strings[0])
axes.bar(["$x$ $", "<b>"], [1, 2], label="$l")
axes.legend()
stage.figure(figure, "left-worst", caption=" ".join(strings), alt=" ".join(strings), data=worst)
stage.table(worst, "left-words", caption=" ".join(strings))
stage.record("left.worst", 1, unit=strings[0], source=" ".join(strings))
print(" ".join(strings))"""
    at = next(i for i, one in enumerate(notebook.cells) if "finish" in one.source)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(code, id="worst"))
    notebook.metadata["myst"] = {"substitutions": {"x": "<script>window.__hit=1</script>"}}
    notebook.metadata["title"] = "<script>window.__hit=1</script>"
    nbformat.write(notebook, path)
    index.write_text(index.read_text() + "\n{num}`left.worst`\n")
    run = project.report()
    assert run.returncode == 0, run.stderr
    return project


def shown(project: Project, page: str) -> str:
    html = (project.root / "book/_build/html" / page).read_text(encoding="utf-8")
    return plain(BeautifulSoup(html, "lxml").select_one("article").get_text())


@pytest.mark.faults
def test_hostile_text_is_shown(project):
    data, left = shown(project, "data.html"), shown(project, "notebooks/02-left.html")
    for text in STRINGS:
        # A sentence of a sidecar marks its own code.
        assert data.count(plain(markup.line(text))) >= 4, text
        if not re.match(r"\{(num|says)\}", text):
            assert plain(markup.line(text)) in left, text


@pytest.mark.faults
def test_no_file_is_read_and_no_formula_written(project):
    html = project.root / "book" / "_build" / "html"
    for path in html.rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes(), path.name
    written = (project.root / "data/processed/tables/left-words.csv").read_text()
    assert "'=cmd|" in written and "\n=cmd|" not in written and "'@SUM" in written


def watch(page):
    page.add_init_script(
        "window.__blocked = []; document.addEventListener('securitypolicyviolation',"
        "one => window.__blocked.push(one.violatedDirective + ' ' + one.blockedURI))"
    )


@pytest.mark.faults
def test_nothing_runs_and_nothing_is_blocked(project, browser):
    html = project.root / "book" / "_build" / "html"
    for path in sorted(html.rglob("*.html")):
        if "_static" in path.parts:
            continue
        page = browser.new_page()
        watch(page)
        page.goto(path.as_uri())
        page.wait_for_timeout(150)
        assert page.evaluate("window.__hit") is None, path.name
        assert page.evaluate("window.__blocked") == [], path.name
        assert page.evaluate("document.documentElement.dataset.mode"), path.name
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map(one => one.protocol)")
        assert set(hrefs) <= {"file:", "https:", "http:"}, path.name
        page.close()
    page = browser.new_page()
    watch(page)
    page.goto((html / "colophon.html").as_uri())
    page.wait_for_selector(".run-times td")
    page.goto((html / "search.html").as_uri() + "?q=deaths")
    page.wait_for_selector("#search-results li")
    assert page.evaluate("window.__blocked") == []
    page.close()


@pytest.mark.parametrize(
    "planted",
    [
        "<script>window.__hit=1</script>",
        "<img src=x onerror='window.__hit=1'>",
        "<a id=planted href='javascript:window.__hit=1'>x</a>",
    ],
)
def test_what_is_planted_in_a_page_does_not_run(planted, tmp_path, browser):
    start = "<html><head><script>window.ours = 1</script></head><body>"
    whole = policy.with_policy(f"{start}{planted}</body></html>", {"window.ours = 1"})
    (tmp_path / "a.html").write_text(whole)
    page = browser.new_page()
    page.goto((tmp_path / "a.html").as_uri())
    if "planted" in planted:
        page.click("#planted")
    page.wait_for_timeout(150)
    assert (page.evaluate("window.ours"), page.evaluate("window.__hit")) == (1, None)
    (tmp_path / "b.html").write_text(f"{start}{planted}</body></html>")
    page.goto((tmp_path / "b.html").as_uri())  # without the policy it does
    if "planted" in planted:
        page.click("#planted")
    page.wait_for_timeout(150)
    assert page.evaluate("window.__hit") == 1
    page.close()


def test_an_address_of_the_web_stays_one():
    for text in ("https://example.org/a?b=1&c=%20#d", "http://example.org:80/x_(y)"):
        assert markup.web_address(text) == text and quote(text, safe=text) == text
