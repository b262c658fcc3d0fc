"""``make lock``: resolve ``pyproject.toml`` into ``requirements.lock`` for every supported Python.

The resolver is uv, because pip cannot write one file that holds for several Pythons. The
lock carries hashes and no index address, so that any mirror can serve it.
"""

import subprocess
import sys

from helpers.base import paths
from helpers.base.errors import InputError, one_sentence
from helpers.base.files import whole


@one_sentence
def main() -> int:
    """Write ``requirements.lock`` anew, whole; versions that still fit stay as they are."""
    with whole(paths.LOCK) as temporary:
        if paths.LOCK.exists():
            temporary.write_bytes(paths.LOCK.read_bytes())
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "uv",
                "pip",
                "compile",
                "pyproject.toml",
                "--all-extras",
                "--universal",
                "--python-version",
                "3.11",
                "--generate-hashes",
                "--no-emit-index-url",
                "--no-annotate",
                "--no-header",
                "--system-certs",
                "--quiet",
                "--output-file",
                str(temporary),
            ],
            cwd=paths.ROOT,
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise InputError(
                f"the lock could not be resolved: {' '.join(run.stderr.split())[-400:]}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
