"""``python -m helpers.cli VERB``: the same commands without the Makefile."""

import sys

from helpers.cli.app import main

sys.exit(main())
