"""Clocks, zones, locales, folders, networks and personal settings that may not matter."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tiny import Place, Project, Ran, Try, Verdict, differ

VARIABLES: dict[str, dict[str, str | None]] = {
    "a time zone ahead": {"TZ": "Pacific/Kiritimati"},
    "a time zone of POSIX": {"TZ": "<-0930>+09:30"},
    "the locale C": {"LANG": "C", "LC_ALL": "C"},
    "a Turkish locale": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    "a German locale": {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"},
    "a locale that there is not": {"LC_ALL": "xx_YY.nonsense"},
    "no home": {"HOME": None},
    "a home that there is not": {"HOME": "/nonexistent/home"},
    "hash seed 7": {"PYTHONHASHSEED": "7"},
    "another clock": {"COMPENDIUM_VARIED": "clock"},
    "another order of folders, host and user": {"COMPENDIUM_VARIED": "folders,host,user"},
    "optimised Python": {"PYTHONOPTIMIZE": "2"},
    "another default encoding": {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    "a terminal of 20 columns": {"COLUMNS": "20", "TERM": "dumb"},
    "a proxy that there is not": {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://[x"},
    "warnings as errors": {"PYTHONWARNINGS": "error"},
    "a source date": {"SOURCE_DATE_EPOCH": "1"},
    "a backend with windows": {"MPLBACKEND": "TkAgg"},
}
FOLDERS = [
    "with spaces  in it",
    "خیبر پختونخوا – données",
    "x[1]",
    "{a}",
    "50%20percent%",
    "a'quote",
    'two"quotes',
    "semi;colon & more",
    "$HOME",
    "-dash",
    "#hash",
    "question?",
    "star*",
    "back\\slash",
    "new\nline",
    "tilde~",
    "long/" + "/".join(["a-long-name-of-a-folder"] * 6),
    "Ωmega\u0301",
]


def surroundings(draw: random.Random, everything: bool) -> list[Try]:
    """Build from nothing in other surroundings; all but what is refused must be the same bytes."""
    acts: dict[str, Callable[[Place], Verdict]] = {}
    must = ["another clock", "a locale that there is not", "warnings as errors"]
    others = [name for name in VARIABLES if name not in must]
    for name in VARIABLES if everything else [*must, *draw.sample(others, 2)]:
        acts[name] = lambda place, name=name: _varied(place, VARIABLES[name])
    for name in FOLDERS if everything else draw.sample(FOLDERS, 2):
        acts[f"the folder {name[:40]!r}"] = lambda place, name=name: _in_folder(place, name)
    for act in (_linked, _long_temporary, _hostile_home, _hostile_git, _repository_above):
        acts[act.__doc__.rstrip(".")] = act
    acts[_no_network.__doc__.rstrip(".")] = _no_network
    acts[_foreign_files.__doc__.rstrip(".")] = _foreign_files
    return [Try("surroundings", name, act, str(draw.random())) for name, act in acts.items()]


def _judge(place: Place, project: Project, ran: Ran) -> Verdict:
    verdict = Verdict(traceback=ran.traceback, note=ran.last)
    expected = next(iter(place.store.clean.values()))
    if ran.code == 0:
        verdict.wrong = differ(expected, project.products())
        verdict.recovered = not verdict.wrong
    else:
        verdict.sentence = ran.sentence
        verdict.wrong = f"it does not run there: {ran.last}"
    return verdict


def _varied(place: Place, extra: dict[str, str | None]) -> Verdict:
    project = place.new()
    return _judge(place, project, project.run("--jobs", "2", extra=extra))


def _in_folder(place: Place, name: str) -> Verdict:
    project = place.new(f"{name}/project")
    ran = project.run("--jobs", "2")
    verdict = _judge(place, project, ran)
    if ran.sentence:  # a folder may be refused, in one sentence
        verdict.wrong = ""
    return verdict


def _linked(place: Place) -> Verdict:
    """A checkout behind a symbolic link."""
    project = place.new("real")
    (place.folder / "linked").symlink_to(project.root)
    linked = Project(place.folder / "linked")
    verdict = _judge(place, linked, linked.run("--jobs", "2"))
    if not verdict.wrong and "nothing had changed" not in (again := project.run()).out:
        verdict.wrong = f"seen by its real name it runs again: {again.last}"
    return verdict


def _long_temporary(place: Place) -> Verdict:
    """A temporary folder whose name has 111 characters."""
    project = place.new()
    folder = place.folder / ("t" * max(1, 110 - len(str(place.folder))))
    folder.mkdir()
    return _judge(place, project, project.run("--jobs", "2", extra={"TMPDIR": str(folder)}))


def _make(project: Project, extra: dict[str, str]) -> Ran:
    """Run the front door itself, without the environment's installation."""
    shutil.copy(Path(__file__).parents[2] / "Makefile", project.root / "Makefile")
    words = ["make", "--silent", "-o", "env", "report", "JOBS=2"]
    done = subprocess.run(
        words,
        cwd=project.root,
        env=project.environment(extra),
        capture_output=True,
        text=True,
        timeout=300,
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    return Ran(done.returncode, done.stdout, "\n".join(said))


def _hostile_home(place: Place) -> Verdict:
    """Personal settings of Python, matplotlib, IPython, Jupyter and pip."""
    project = place.new()
    home = place.folder / "home"
    shadow, config = home / "shadow", home / "config"
    for folder in (shadow, config, home / "ipython/profile_default/startup", home / "jupyter"):
        folder.mkdir(parents=True)
    for name in ("helpers", "pandas", "papermill", "matplotlib", "sitecustomize", "usercustomize"):
        (shadow / f"{name}.py").write_text(
            "import sys\nsys.stdout.write('shadowed\\n')\n"
            if "custom" in name
            else f"raise RuntimeError('a personal {name}')\n"
        )
    (config / "matplotlibrc").write_text("axes.facecolor: red\nfont.size: 30\n")
    for place_of in (home / ".config/matplotlib", home / ".ipython/profile_default/startup"):
        place_of.mkdir(parents=True)
    (home / ".config/matplotlib/matplotlibrc").write_text("axes.facecolor: blue\n")
    start = (
        "import pandas as pd\npd.DataFrame.mean = lambda self: 7\npd.Series.mean = lambda s: 7\n"
    )
    (home / "ipython/profile_default/startup/00.py").write_text(start)
    (home / ".ipython/profile_default/startup/00.py").write_text(start)
    kernel = home / "jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        '{"argv": ["/bin/false"], "display_name": "Python 3", "language": "python"}'
    )
    (home / ".jupyter").mkdir()
    (home / ".jupyter/jupyter_config.py").write_text("raise RuntimeError('a personal setting')\n")
    shutil.copy(config / "matplotlibrc", project.root / "matplotlibrc")
    ran = _make(
        project,
        {
            "HOME": str(home),
            "PYTHONPATH": str(shadow),
            "PYTHONSTARTUP": str(shadow / "helpers.py"),
            "MATPLOTLIBRC": str(config / "matplotlibrc"),
            "MPLCONFIGDIR": str(config),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_PATH": str(home / "jupyter"),
            "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
            "PIP_TARGET": str(home / "target"),
            "PIP_USER": "1",
            "PYTHONUSERBASE": str(home / "base"),
        },
    )
    return _judge(place, project, ran)


def _hostile_git(place: Place) -> Verdict:
    """GIT_DIR that points to another repository."""
    other = place.folder / "other"
    _repository(other)
    project = place.new()
    extra = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other)}
    return _judge(place, project, _make(project, extra))


def _repository_above(place: Place) -> Verdict:
    """A repository above the project that is none of its own."""
    _repository(place.folder / "above")
    project = place.new("above/project")
    return _judge(place, project, project.run("--jobs", "2"))


def _repository(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "file").write_text("nothing\n")
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    for words in (["init", "-q"], ["add", "file"], [*who, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def _no_network(place: Place) -> Verdict:
    """No network at all."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return Verdict(skipped="only root can take the network away")
    project = place.new()
    return _judge(place, project, project.run("--jobs", "2", wrapper=["unshare", "-n"]))


def _foreign_files(place: Place) -> Verdict:
    """Files that editors and systems leave in the tree."""
    project = place.new()
    for folder in ("data/raw", "notebooks", "params", "book", "src/helpers/run"):
        top = project.root / folder
        first = next(path for path in sorted(top.iterdir()) if path.is_file())
        (top / f"._{first.name}").write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
        (top / f".#{first.name}").symlink_to("nobody@nowhere.1234")
        (top / f".{first.name}.swp").write_bytes(b"b0VIM 9.0\0\0")
        (top / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
        (top / f"{first.name}~").write_bytes(b"an older copy")
    return _judge(place, project, project.run("--jobs", "2"))
