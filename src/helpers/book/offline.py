"""A Sphinx extension that takes out what would reach for the network: Thebe and its scripts."""

from typing import Any


def _drop_assets(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    for kind in ("css_files", "script_files"):
        context[kind] = [
            one
            for one in context.get(kind, ())
            if "thebe" not in str(getattr(one, "filename", one))
        ]


def setup(app: Any) -> dict[str, Any]:
    """Unhook sphinx_thebe, which Jupyter Book loads even when no page can be launched.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; this extension must be loaded after Thebe.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    for listeners in app.events.listeners.values():
        listeners[:] = [
            one for one in listeners if not one.handler.__module__.startswith("sphinx_thebe")
        ]
    app.connect("html-page-context", _drop_assets, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
