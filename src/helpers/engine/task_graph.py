"""The tasks of a run: its stages, its results, its book."""

import os
from pathlib import Path

from helpers.engine.stages import define_book, define_results, define_stage
from helpers.run.run import open_run

RUN = open_run(Path(os.environ["COMPENDIUM_PARAMS"]))

for entry in RUN.table.stage:
    define_stage(RUN, entry)
define_results(RUN)
define_book(RUN)
