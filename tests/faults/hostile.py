"""Text that tries to run, inputs edited while they are read, and what once passed for success."""

import json
import random
import re
import shutil
import signal
import subprocess
import sys

from bs4 import BeautifulSoup
from tiny import ROOT, SECONDS, Place, Project, Try, Verdict, differ, recover

SECRET = "canary-of-the-reader-4711"
MARKER = "hx{number}q"
# {m} is a marker of its own; {file} a file outside the project that no page may hold.
STRINGS = [
    "<script>window.{m}=1</script>",
    "</script><script>window.{m}=1</script>",
    "<img src=x onerror=window.{m}=1>",
    "<svg onload=window.{m}=1>",
    "<svg><script>window.{m}=1</script></svg>",
    "<iframe src='javascript:window.{m}=1'></iframe>",
    "<iframe srcdoc='<script>parent.{m}=1</script>'></iframe>",
    "<object data='data:text/html,{m}'></object>",
    "<embed src='data:text/html,{m}'>",
    "<a href='javascript:window.{m}=1'>click</a>",
    "<details open ontoggle=window.{m}=1>",
    "<style>@import url(https://example.org/{m})</style>",
    "<link rel=stylesheet href=https://example.org/{m}>",
    "<meta http-equiv=refresh content='0;url=https://example.org/{m}'>",
    "<base href=https://example.org/{m}/>",
    "<form action=https://example.org/{m}><button>go</button></form>",
    "<math><mtext><img src=x onerror=window.{m}=1></mtext></math>",
    "<img src=https://example.org/{m}.png>",
    '" onmouseover="window.{m}=1" x="',
    "' onfocus='window.{m}=1' autofocus x='",
    "--><script>window.{m}=1</script><!--",
    "]]><script>window.{m}=1</script>",
    "</title><script>window.{m}=1</script>",
    "</textarea><script>window.{m}=1</script>",
    "&lt;script&gt;window.{m}=1&lt;/script&gt;",
    "&#60;script&#62;window.{m}=1&#60;/script&#62;",
    "[click {m}](javascript:window.{m}=1)",
    "[click {m}](<javascript:window.{m}=1>)",
    "[click {m}](JaVaScRiPt:window.{m}=1)",
    "[click {m}](java\tscript:window.{m}=1)",
    "[click {m}](data:text/html;base64,PHNjcmlwdD4={m})",
    "[click {m}](vbscript:{m})",
    "[click {m}](file://{file})",
    "<javascript:window.{m}=1>",
    "![{m}](javascript:window.{m}=1)",
    "![{m}]({file})",
    "[{m}]: javascript:window.{m}=1\n\n[{m}]",
    "```{{eval-rst}}\n.. include:: {file}\n```",
    "```{{include}} {file}\n```",
    "```{{literalinclude}} {file}\n```",
    "```{{raw}} html\n<script>window.{m}=1</script>\n```",
    "\n:::{{include}} {file}\n:::\n",
    "\n```{{code-cell}}\nopen('{file}').read()\n```\n",
    "\n```{{csv-table}}\n:file: {file}\n```\n",
    "\n```{{math}}\n\\href{{javascript:window.{m}=1}}{{x}}\n```\n",
    "\n```{{figure}} {file}\n```\n",
    "{{download}}`{m} <{file}>`",
    "{{eval}}`open('{file}').read()`",
    "{{num}}`no.such.key`",
    "{{says}}`1 > 0|{m}`",
    "{{{{ {m} }}}}",
    "{{% include '{file}' %}}",
    "$\\href{{javascript:window.{m}=1}}{{x}}$",
    "$$\\input{{{file}}}$$",
    "\\input{{{file}}}",
    "=cmd|' /C calc {m}'!A0",
    "+1+cmd|' /C calc {m}'!A0",
    "-1+cmd|' /C calc {m}'!A0",
    "@SUM(1+1)*cmd|' /C calc {m}'!A0",
    "\t=1+1 {m}",
    '|=HYPERLINK("https://example.org/{m}")',
    "\u202egnp.{m}",
    "${{jndi:ldap://example.org/{m}}}",
    "$(touch {m})",
    "`touch {m}`",
    "; touch {m};",
    "%s%n%x{m}",
    "{{0.__class__.__mro__}}{m}",
    "# {m}\n## another\n",
    "{m}\n---\nhtml_meta:\n  x: y\n---\n",
    "(label-{m})=\n# x",
    "[^1]: {m}\n\n[^1]",
    "|{m}|x|\n|-|-|\n|<script>window.{m}=1</script>|y|",
]
PLACES = ("title", "producer", "description", "meaning", "note", "citation", "caption", "cell")
CALLED = re.compile(r"^\s*(javascript|vbscript|data|file):", re.IGNORECASE)
ACTIVE = {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "style", "svg"}


def hostile(draw: random.Random, everything: bool) -> list[Try]:
    """Put strings where data, sidecars and captions are shown; look at every page and download."""
    tries = []
    # More than sixty, in one build and in a browser, are in tests/book/test_hostile.py (suites).
    strings = STRINGS if everything else draw.sample(STRINGS, 12)
    size = 6
    batches = [strings[start : start + size] for start in range(0, len(strings), size)]
    for number, batch in enumerate(batches):
        tries.append(
            Try(
                "hostile",
                f"{len(batch)} strings ({number + 1})",
                lambda place, batch=batch, first=number * size: _shown(place, batch, first),
                str(draw.random()),
            )
        )
    return tries


def _shown(place: Place, batch: list[str], first: int) -> Verdict:
    """Build with all strings of a batch; where that is refused, with each half by itself."""
    secret = place.folder / f"secret-{first}.txt"
    secret.write_text(f"{SECRET}\n")
    project = place.built(f"project-{first}-{len(batch)}")
    marks = {}
    for number, text in enumerate(batch, start=first):
        mark = MARKER.format(number=number)
        marks[mark] = text
        where = PLACES[number % len(PLACES)]
        _put(project, where, text.format(m=mark, file=secret), number)
    for table in ("country_month.csv", "published_figures.csv"):
        stamped = project.run("ingest", "stamp", table)
        if stamped.code != 0:
            break
    ran = stamped if stamped.code != 0 else project.run("--jobs", "2")
    verdict = Verdict(traceback=ran.traceback, note=ran.last)
    if ran.code is None:
        verdict.wrong = "it did not end"
    elif ran.code != 0:
        verdict.sentence = ran.sentence
        if ran.sentence and len(batch) > 1:
            half = len(batch) // 2
            parts = [
                _shown(place, batch[:half], first),
                _shown(place, batch[half:], first + half),
            ]
            verdict.hostile = "; ".join(one.hostile for one in parts if one.hostile)
            verdict.wrong = "; ".join(one.wrong for one in parts if one.wrong)
            verdict.sentence = all(one.sentence is not False for one in parts)
            verdict.note = "; ".join(one.note for one in parts if one.sentence is False)
            verdict.traceback = any(one.traceback for one in parts)
    verdict.hostile = verdict.hostile or _holes(project, marks)
    for mark in marks:
        if list(place.folder.rglob(mark)):
            verdict.hostile = f"a shell word ran: {marks[mark]!r}"
    return verdict


def _put(project: Project, where: str, text: str, number: int) -> None:
    import yaml

    sidecar = project.root / "data/raw/country_month.source.yml"
    if where in ("caption", "cell"):
        path = project.root / "notebooks/02-left.ipynb"
        book = json.loads(path.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            source = "".join(cell["source"])
            if where == "caption":
                source = source.replace('caption="The first months."', f"caption={text!r}")
            else:
                source = source.replace("months.head(), ", f"months.head().assign(x={text!r}), ")
            cell["source"] = source
        path.write_text(json.dumps(book, indent=1), encoding="utf-8")
        return
    content = yaml.safe_load(sidecar.read_text(encoding="utf-8"))
    if where == "meaning":
        content["columns"]["deaths"]["meaning"] = text
    elif where == "note":
        content["notes"] = [*content.get("notes", []), text]
    else:
        content[{"citation": "citation_full"}.get(where, where)] = text
    sidecar.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def _holes(project: Project, marks: dict[str, str]) -> str:
    """Return where a string became an element, an attribute, a link, a formula, or read a file."""
    found = []
    for path in project.html.rglob("*"):
        if not path.is_file():
            continue
        blob = path.read_bytes()
        if SECRET.encode() in blob:
            found.append(f"{path.name} holds a file from outside the project")
        if path.suffix == ".html":
            found += _active(BeautifulSoup(blob, "html.parser"), marks, path.name)
        if path.suffix == ".csv":
            found += _formulas(blob.decode("utf-8", "replace"), marks, path.name)
    return "; ".join(dict.fromkeys(found))


def _active(page: BeautifulSoup, marks: dict[str, str], name: str) -> list[str]:
    found = []
    for element in page.find_all(True):
        for attribute, value in element.attrs.items():
            text = " ".join(value) if isinstance(value, list) else str(value)
            for mark in marks:
                if mark not in text:
                    continue
                runs = attribute.startswith("on") or attribute == "srcdoc"
                called = attribute in ("href", "src", "action", "data") and CALLED.match(text)
                if runs or called or (element.name in ACTIVE and attribute not in ("content",)):
                    found.append(f"{name}: <{element.name} {attribute}> from {marks[mark]!r}")
                elif element.name == "img" and attribute == "src":
                    found.append(f"{name}: an image from {marks[mark]!r}")
        if element.name in ("script", "style") and element.get("type") != "application/ld+json":
            for mark in marks:
                # The words of the search and the settings of the page are data inside a string.
                if re.search(rf"^\s*(window|parent)\.{mark}\s*=", element.get_text()):
                    found.append(f"{name}: <{element.name}> from {marks[mark]!r}")
    return found


def _formulas(text: str, marks: dict[str, str], name: str) -> list[str]:
    import csv
    import io

    return [
        f"{name}: a formula from {marks[mark]!r}"
        for row in csv.reader(io.StringIO(text))
        for cell in row
        for mark in marks
        if mark in cell and cell.lstrip()[:1] in ("=", "+", "-", "@")
    ]


EDITS = {  # what is edited while it is used: file, old, new
    "a notebook": ("notebooks/01-clean.ipynb", 'unit=\\"deaths\\"', 'unit=\\"people\\"'),
    "another notebook": ("notebooks/03-right.ipynb", "The first months.", "The very first months."),
    "a page": ("book/index.md", "Deaths:", "The deaths:"),
    "a raw table": ("data/raw/country_month.csv", "Pakistan,2018,1,", "Pakistan,2018,1,1"),
    "the parameters": ("params/pakistan.yml", "seed: 1", "seed: 3"),
    "a helper": ("src/helpers/run/captions.py", '"""', '"""Also: '),
    "a sidecar": ("data/raw/country_month.source.yml", "title: made up", "title: drawn up"),
    "the stages": ("notebooks/stages.toml", "[window]", "# mine\n[window]"),
}


def edits(draw: random.Random, everything: bool) -> list[Try]:
    """Edit an input at a random moment of a run; the next run must make what belongs to it."""
    tries = []
    for number in range(40 if everything else 4):
        what = list(EDITS)[number % len(EDITS)]
        tries.append(
            Try(
                "edits",
                f"{what} ({number + 1})",
                lambda place, what=what: _during(place, what),
                str(draw.random()),
            )
        )
    return tries


def _during(place: Place, what: str) -> Verdict:
    project = place.new()
    file, old, new = EDITS[what]
    running = project.start("--jobs", str(place.random.choice([1, 2])))
    running.sleep(0.5 + place.random.random() * place.store.cold_seconds)
    project.replace(file, old, new)
    if what in ("a raw table", "a sidecar"):  # stamped too, as somebody does who means it
        project.run("ingest", "stamp", "country_month.csv")
    inputs = project.inputs()
    ran = running.wait()
    verdict = Verdict(traceback=ran.traceback, note=ran.last)
    if ran.code != 0:
        verdict.sentence = ran.sentence
    return recover(place.store, project, verdict, inputs)


def success(draw: random.Random, everything: bool) -> list[Try]:
    """The five examples in which a run that had not succeeded said that it had."""
    acts = {
        "a notebook that ends before it has finished": _ended_early,
        "Ctrl-C with workers": _interrupted,
        "a page of the built book that was deleted": lambda place: _page(place, delete=True),
        "a page of the built book that was edited": lambda place: _page(place, delete=False),
        "an environment without its packages": lambda place: _environment(place, "packages"),
        "an environment without its interpreter": lambda place: _environment(place, "interpreter"),
    }
    return [Try("success", name, act, str(draw.random())) for name, act in acts.items()]


def _ended_early(place: Place) -> Verdict:
    from cells import _edited, _insert

    return _edited(place, lambda project: _insert(project, "import sys\nsys.exit()"))


def _interrupted(place: Place) -> Verdict:
    from killed import edited

    project = edited(place)
    inputs = project.inputs()
    running = project.start("--jobs", "2")
    running.find("kernel")
    running.sleep(place.random.random())
    running.signal_group(signal.SIGINT)
    ran = running.wait(30)
    verdict = Verdict(wrong=running.orphans(), traceback=ran.traceback, note=ran.last)
    if ran.code != 130:
        verdict.wrong = f"exit {ran.code}, expected 130: {ran.last}"
    return recover(place.store, project, verdict, inputs)


def _page(place: Place, *, delete: bool) -> Verdict:
    project = place.built()
    expected = project.products()
    page = place.random.choice(sorted(project.html.rglob("*.html")))
    if delete:
        page.unlink()
    else:
        page.write_text(page.read_text(encoding="utf-8").replace("<p>", "<p>7 ", 1) + " ")
    ran = project.run()
    verdict = Verdict(traceback=ran.traceback, note=ran.last)
    verdict.wrong = differ(expected, project.products()) if ran.code == 0 else ""
    verdict.recovered = not verdict.wrong
    return verdict


def _environment(place: Place, what: str) -> Verdict:
    """Break an environment that is stamped as installed, and ask for it again, off the network."""
    project = place.new()
    venv = project.root / ".venv"
    shutil.copy(ROOT / "Makefile", project.root / "Makefile")
    words = [sys.executable, "-I", "src/helpers/cli/bootstrap.py"]
    wanted = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            "import runpy; boot = runpy.run_path('src/helpers/cli/bootstrap.py'); "
            "print(boot['wanted'](), end='')",
        ],
        cwd=project.root,
        capture_output=True,
        text=True,
    )
    (venv / "installed.txt").write_text(wanted.stdout)
    if what == "packages":
        next(venv.rglob("copy.pth")).unlink()
    else:
        for path in (venv / "bin").iterdir():
            path.unlink()
            path.symlink_to("/nonexistent/python")
    done = subprocess.run(
        words,
        cwd=project.root,
        env=project.environment({"PIP_NO_INDEX": "1", "PIP_INDEX_URL": "http://127.0.0.1:9"}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    verdict = Verdict(note=(done.stderr.strip().splitlines() or ["–"])[-1])
    verdict.traceback = "Traceback (most recent call last)" in done.stderr
    if done.returncode == 0:
        python = venv / "bin" / "python"
        works = (
            python.exists()
            and not subprocess.run(
                [str(python), "-I", "-c", "import pandas, papermill"], capture_output=True
            ).returncode
        )
        verdict.wrong = "" if works else "exit 0, though it cannot import its packages"
    else:
        verdict.sentence = done.stderr.count("error: ") == 1 and not verdict.traceback
    return verdict
