"""Forecasts of counts, their scores, and tests that compare them."""
