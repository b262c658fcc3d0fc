"""``python -m helpers.cli VERB``: the same commands without the Makefile."""

import os
import sys

from helpers.cli.app import main

# What a person set for Python is not meant for what a verb starts; where Python was asked to be
# isolated nothing of it is, else where the package is found stays.
KEPT = () if sys.flags.isolated else ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")

for name in [one for one in os.environ if one.startswith("PYTHON") and one not in KEPT]:
    del os.environ[name]
sys.exit(main())
