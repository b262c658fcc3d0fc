"""Forecasts of count series as ensembles: models, their fits, and scores out of sample over rolling origins."""
