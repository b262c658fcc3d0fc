"""What a notebook may touch inside the project: a table of ways, refused and allowed."""

import json
import os
import subprocess
import sys

import pytest
from run.test_execute import FINISH, NAME, OPEN, RECORD, lab  # noqa: F401

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.run.watched import WATCH, rules, write_rules

OTHER = f"{paths.RAW}/population.csv"
TABLE = f"{paths.ROOT}/data/processed/none.parquet"
READS = [
    f"open({OTHER!r})",
    f"open({OTHER!r}, 'rb')",
    f"import io; io.open({OTHER!r})",
    f"import os; os.open({OTHER!r}, os.O_RDONLY)",
    f"from pathlib import Path; Path({OTHER!r}).read_text()",
    f"import pandas as pd; pd.read_csv({OTHER!r})",
    f"import numpy as np; np.loadtxt({OTHER!r})",
    f"import numpy as np; np.fromfile({OTHER!r})",
    f"import csv, codecs; codecs.open({OTHER!r})",
    f"import shutil; shutil.copy({OTHER!r}, 'here')",
    f"import linecache, fileinput; next(fileinput.input({OTHER!r}))",
    f"import os; os.symlink({OTHER!r}, 'link'); open('link')",
    f"import pyarrow.csv as c; c.read_csv({OTHER!r})",
    f"import pyarrow as pa; pa.memory_map({OTHER!r})",
    f"import pandas as pd; pd.read_parquet({TABLE!r})",
    f"import pyarrow.parquet as pq; pq.read_table({TABLE!r})",
    f"import pyarrow.dataset as ds; ds.dataset({TABLE!r})",
    f"exec(open({str(paths.ROOT / 'tests/conftest.py')!r}).read())",
    f"%run {paths.ROOT / 'tests/conftest.py'}",
    "import importlib; importlib.import_module('helpers.measures.trend')",
    "__import__('helpers.measures.trend')",
    "exec('import helpers.measures.trend')",
    "eval(\"__import__('helpers.clean.totals')\")",
    "import runpy; runpy.run_module('helpers.clean.totals')",
]
WRITES = [
    f"open({TABLE!r}, 'w')",
    f"from pathlib import Path; Path({TABLE!r}).write_text('x')",
    f"from pathlib import Path; Path({TABLE!r}).touch()",
    f"import os; os.mkdir({TABLE!r})",
    f"import os; os.remove({TABLE!r})",
    f"open('here', 'w').close(); import os; os.rename('here', {TABLE!r})",
    f"open('here', 'w').close(); import shutil; shutil.move('here', {TABLE!r})",
    f"import pandas as pd; pd.DataFrame({{'x': [1]}}).to_csv({TABLE!r})",
    f"import pandas as pd; pd.DataFrame({{'x': [1]}}).to_parquet({TABLE!r})",
    f"import sqlite3; sqlite3.connect({TABLE!r})",
    f"import pyarrow as pa; pa.OSFile({TABLE!r}, 'wb')",
    f"import pyarrow as pa; pa.OSFile({TABLE!r}, mode='w')",
    f"import pyarrow as pa; pa.OSFile(mode='wb', path={TABLE!r})",
    f"import pyarrow as pa; pa.memory_map({TABLE!r}, 'r+')",
    "import pyarrow as pa, pyarrow.parquet as pq\n"
    f"pq.write_table(table=pa.table({{'x': [1]}}), where={TABLE!r})",
    f"import pyarrow as pa; pa.create_memory_map({TABLE!r}, 9)",
    f"import pyarrow as pa; pa.output_stream({TABLE!r})",
    f"import pyarrow.feather as f; f.write_feather(f.Table.from_pydict({{'x': [1]}}), {TABLE!r})",
    f"import numpy as np; np.memmap({TABLE!r}, mode='r+', shape=1)",
    f"import gzip; gzip.open({TABLE!r}, 'ab')",
    f"%%writefile {TABLE}\nx",
]
STARTS = [
    "import subprocess; subprocess.run(['true'])",
    "import os; os.system('true')",
    "import os; os.fork() or os._exit(0)",
    "import ctypes; ctypes.CDLL(None)",
    "!true",
    "%%bash\ntrue",
]
CONNECTS = [
    "import socket; socket.create_connection(('127.0.0.1', 9))",
    "import urllib.request as u; u.urlopen('http://127.0.0.1:9')",
    "import pandas as pd; pd.read_csv('http://localhost:9/x.csv')",
]
ALLOWED = """import importlib, tempfile, uuid, json, decimal
from pathlib import Path
import matplotlib.pyplot as plt
import pandas as pd
from joblib import Parallel, delayed
from helpers.claims import rule
from helpers.stats.parallel import over
importlib.import_module("json.tool")
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "x").write_text("x")
Path("here").write_text("x")
pd.DataFrame({"x": [1]}).to_csv("here.csv")
pd.DataFrame({"x": [1]}).to_parquet("here.parquet")
assert len(pd.read_parquet("here.parquet")) == 1
plt.subplots()
assert len(stage.read("documents"))
assert Parallel(2)(delayed(abs)(one) for one in (-1, -2)) == [1, 2]"""


@pytest.mark.parametrize(
    ("ways", "word"),
    [(READS, "reads"), (WRITES, "writes"), (STARTS, "starts"), (CONNECTS, "network")],
    ids=["reads", "writes", "starts", "connects"],
)
def test_every_undeclared_way_is_refused_where_it_stands(lab, ways, word):  # noqa: F811
    """Each way is tried in a cell that swallows what it raises; the first is told by the run."""
    lines = [
        f"try:\n    get_ipython().run_cell({way!r}, silent=True).raise_error()\n"
        "except BaseException as error: said.append(f'{type(error).__name__}: {error}')\n"
        "else: said.append('passed')"
        for way in ways
    ]
    tell = "import json, os\nopen(os.environ['TMPDIR'] + '/said.json', 'w').write(json.dumps(said))"
    with pytest.raises(InputError, match=f"{NAME}, cell 2: (InputError: )?it "):
        lab(OPEN, "\n".join(["said = []", *lines, tell]), RECORD.format(1), FINISH)
    said = json.loads((lab.folder.parent / "said.json").read_text())
    assert len(said) == len(ways)
    passed = [way for way, one in zip(ways, said) if not one.startswith("InputError: it ")]
    assert not passed, [one for one in said if not one.startswith("InputError: it ")]
    assert word in said[0]


WATCHED = """import json, sys
from helpers.run import watched
watched.begin()
said = []
for way in json.loads(sys.argv[1]):
    try: exec(way)
    except Exception as error: said.append(f"{type(error).__name__}: {error}")
    else: said.append("passed")
print(json.dumps(said))"""


def test_what_may_be_read_may_not_be_written(tmp_path):
    """With the file declared among the reads, so that only the way of opening can tell."""
    project, kernel = tmp_path / "project", tmp_path / "kernel"
    for folder in (project, kernel):
        folder.mkdir()
    table = project / "table.csv"
    table.write_text("x\n1\n")
    found = rules("made-up", project, [table], [], kernel)
    ways = [way.replace(TABLE, str(table)) for way in WRITES if "%%" not in way]
    reads = [way.replace(OTHER, str(table)) for way in READS if OTHER in way and "link" not in way]
    told = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps([*ways, *reads])],
        env={**os.environ, WATCH: str(write_rules(found, kernel))},
        cwd=kernel,
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(told.stdout)
    passed = [way for way, one in zip(ways, said) if not one.startswith("InputError: it writes")]
    assert passed == [way for way in passed if "os.mkdir" in way] and table.read_text() == "x\n1\n"
    assert not [one for one in said[len(ways) :] if one.startswith("InputError")]


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_ordinary_ways_are_allowed(lab):  # noqa: F811
    lab(OPEN, ALLOWED, RECORD.format(1), FINISH)


def test_a_worker_is_watched_too(lab):  # noqa: F811
    code = f"""from joblib import Parallel, delayed
from pathlib import Path
Parallel(2)(delayed(Path.read_text)(Path({OTHER!r})) for _ in range(2))"""
    with pytest.raises(InputError, match="it reads data/raw/population.csv"):
        lab(OPEN, code, FINISH)
