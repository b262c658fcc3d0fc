"""A Sphinx extension that takes out what would reach for the network: Thebe and its launch scripts."""

from typing import Any


def setup(app) -> dict[str, Any]:
    """Unhook sphinx_thebe, which Jupyter Book loads even when no page can be launched."""
    for listeners in app.events.listeners.values():
        listeners[:] = [one for one in listeners if not one.handler.__module__.startswith("sphinx_thebe")]
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
