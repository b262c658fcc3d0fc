"""The plan of each claim, the rule from results to a verdict, and how verdicts are shown."""
