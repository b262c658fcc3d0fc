"""Statistics, tables and notebooks for a compendium of conflict research.

Nothing in this package knows a country: facts live in ``data/raw/``, choices in
``params/``, questions in ``notebooks/``.
"""
