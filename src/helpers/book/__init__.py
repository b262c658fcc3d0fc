"""From executed notebooks and pages written by hand to static pages."""
