"""The adapter to pytask, the only part of the package that knows the engine."""
