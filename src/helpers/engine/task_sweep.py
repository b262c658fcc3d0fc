"""The tasks of a sweep: what runs once, a run for each country, the results, one book of all."""

import os
from pathlib import Path

from helpers.engine.stages import define_book, define_results, define_stage
from helpers.run.run import open_sweep

SWEEP = open_sweep(Path(os.environ["COMPENDIUM_PARAMS"]))

for one in (SWEEP, *SWEEP.parts):
    for entry in one.table.stage:
        define_stage(one, entry)
define_results(SWEEP)
define_book(SWEEP)
