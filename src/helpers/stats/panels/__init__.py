"""Many units: panels, synthetic controls, permutation."""
