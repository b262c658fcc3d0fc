"""One run: its parameters, its stages, what they record."""
