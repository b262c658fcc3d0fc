"""Statistics, tables and notebooks for a compendium of conflict research.

Nothing in this package knows a country: facts live in ``data/raw/``, choices in
``params/``, questions in ``notebooks/``.
"""

import os

if "COMPENDIUM_VARIED" in os.environ:  # the second build of make verify, and no other
    from helpers.base.varied import begin

    begin()
