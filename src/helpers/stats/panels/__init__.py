"""Many units: panels, event studies, synthetic controls, permutation."""
