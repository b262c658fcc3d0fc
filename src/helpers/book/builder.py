"""Let Jupyter Book build laid out pages, and find the first thing that it warned of."""

import os
import re
import subprocess
import sys
from pathlib import Path

from helpers.base import varied

# jsonschema would build a checker of web addresses with it, which takes longer than the pages; it
# is optional there.
BUILDER = """import sys
sys.modules["rfc3987_syntax"] = None
from jupyter_book.cli.main import main
main()"""
ENVIRONMENT = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1767225600"}
WARNING = re.compile(
    r"^(?P<where>.*?): ?(?:WARNING|ERROR|CRITICAL): (?P<what>.*)$"
    r"|^(?:WARNING|ERROR): (?P<bare>.*)$"
)


def built(source: Path, out: Path, builder: str = "html") -> tuple[bool, str]:
    """Run the builder.

    Parameters
    ----------
    source : Path
        Laid out by :func:`helpers.book.assemble.assemble`.
    out : Path
        The folder for what is built.
    builder : str, default "html"
        As Sphinx names it.

    Returns
    -------
    failed : bool
    log : str
        All it said; ``-n`` makes a broken reference a warning too.
    """
    command = [
        sys.executable,
        "-c",
        BUILDER,
        "build",
        str(source),
        "--path-output",
        str(out),
        "--builder",
        builder,
        "-n",
        "--keep-going",
        "--all",
        "-q",
    ]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, **ENVIRONMENT, **varied.environment()},
    )
    return run.returncode != 0, run.stdout + run.stderr


def first_warning(log: str, source: Path) -> str:
    """Return the first warning or error of a log.

    Parameters
    ----------
    log : str
        What the builder said.
    source : Path
        The folder that it read, which the sentence leaves out.

    Returns
    -------
    str
        With its page and line; empty where there is none.

    Examples
    --------
    >>> first_warning("/x/a.md:3: WARNING: no such file", Path("/x"))
    'a.md, line 3: no such file'
    """
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    for line in plain.splitlines():
        if found := WARNING.match(line.strip()):
            where = (found["where"] or "").replace(f"{source}/", "").replace(str(source), "")
            place = re.sub(r":(\d+)$", r", line \1", where)
            return ": ".join(part for part in (place, found["what"] or found["bare"]) if part)
    raised = re.findall(r"^[\w.]*(?:Error|Exception|Exit)\b.*", plain, flags=re.MULTILINE)
    return raised[-1] if raised and "Traceback (most recent call last)" in plain else ""
