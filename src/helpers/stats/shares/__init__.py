"""Shares: proportions, concentration, shifts, decomposition."""
