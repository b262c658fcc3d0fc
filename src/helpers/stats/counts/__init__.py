"""Rates, dispersion, regressions for counts, heavy tails."""
