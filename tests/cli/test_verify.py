"""A rebuild in other surroundings sees what a number must not depend on, and says where it is."""

import pytest
from conftest import make_project, write_notebook

from helpers.base import varied
from helpers.cli import fresh, verify

# One line each: what a notebook may take from its surroundings without anybody meaning it.
PLANTED = {
    "clock": "time.time()",
    "date": "str(datetime.date.today())",
    "year": "datetime.datetime.now().year",
    "pandas_clock": "str(pd.Timestamp('today').date())",
    "monotonic": "time.perf_counter()",
    "hash": "hash('deaths') % 1000",
    "set_order": "'|'.join({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'})",
    "folder_order": "'|'.join(path.name for path in pathlib.Path(folder).iterdir())",
    "glob_order": "'|'.join(glob.glob('*', root_dir=folder))",
    "listdir_order": "'|'.join(os.listdir(folder))",
    "zone": "time.tzname[0]",
    "local_hour": "time.localtime(0).tm_hour",
    "locale": "str(os.environ.get('LC_ALL'))",
    "user": "getpass.getuser()",
    "account": "pwd.getpwuid(os.getuid()).pw_name",
    "host": "socket.gethostname()",
    "node": "platform.node()",
    "home": "str(pathlib.Path.home())",
    "cores": "os.cpu_count()",
    "affinity": "len(os.sched_getaffinity(0))",
    "environment": "'|'.join(sorted(os.environ))",
    "terminal": "shutil.get_terminal_size().columns",
    "process": "os.getpid()",
    "identity": "str(uuid.uuid4())",
    "unseeded": "random.random()",
    "unseeded_numpy": "float(np.random.default_rng().random())",
    "temporary": "tempfile.mkdtemp()",
    "path": "pathlib.Path(helpers.__file__).parents[2].name",
    "address": "id(object()) % 10**9",
}
CELLS = [
    "import datetime, getpass, glob, os, pathlib, platform, pwd, random, shutil, socket, tempfile\n"
    "import time, uuid\nimport numpy as np\nimport pandas as pd\nimport helpers\n"
    "from helpers.run.stage import Stage\nfolder = tempfile.mkdtemp()\n"
    "for name in 'abcdefgh':\n    pathlib.Path(folder, name).touch()\nstage = Stage('02-left')",
    *(f"stage.record('left.{name}', {code}, source='made up')" for name, code in PLANTED.items()),
    "stage.record('left.mean', 7, source='made up')",
    "stage.finish()",
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The tiny project as the one that is verified."""
    project = make_project(tmp_path)
    monkeypatch.setattr(fresh.paths, "ROOT", project.root)
    monkeypatch.setattr(verify.baseline, "BASELINE", project.root / "no-baseline.json")
    return project


@pytest.mark.faults
def test_every_planted_source_is_seen_and_named_and_nothing_else_differs(here):
    write_notebook(here.root / "notebooks/02-left.ipynb", "Left", CELLS)
    found = verify.verify("params/pakistan.yml")
    seen = " ".join(one.where for one in found.different if "/stages/" in one.file)
    one_core = {"affinity"} if varied.os.cpu_count() == 1 else set()
    assert {name for name in PLANTED if f"result left.{name}:" not in seen} <= one_core
    # Before the first planted line: the parameters, those of the run, and two cells of imports.
    assert seen.startswith("02-left, cell [5], result left.clock:")
    # What the other notebooks made, and pages that quote nothing planted, are the same to the byte.
    touched = {one.file for one in found.different if "02-left" not in one.file}
    assert touched <= {"data/processed/results.json", "book/_build/html/results.json"}
    assert found.files > 30 and verify.told(found)[0].startswith("differs: 02-left, cell [5]")


def test_builds_that_are_the_same_say_so():
    same = verify.Verified(40, [], [])
    assert verify.told(same) == [
        "40 of 40 files are the same to the byte, 0 differences in all; "
        "0 results are not those of the baseline"
    ]
