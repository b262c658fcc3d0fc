"""Estimands and inference for counts, interrupted series, breaks, concentration, panels, tails and
forecasts.

Functions take plain Series and DataFrames and return frozen dataclasses; nothing here reads a file
or knows where the numbers come from.
"""
