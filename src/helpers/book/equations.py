"""A Sphinx extension that writes equations as MathML: browsers draw it without a script of ours.

docutils turns LaTeX into MathML; the source stays in an annotation, where it can be copied.
"""

from html import escape
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml


def mathml(latex: str, *, block: bool) -> str:
    """Return an equation as MathML.

    Parameters
    ----------
    latex : str
        The equation in LaTeX.
    block : bool
        Whether it stands on a line of its own.

    Returns
    -------
    str
        A ``math`` element that also carries the LaTeX.

    Examples
    --------
    >>> "<mi>" in mathml(r"\\beta", block=False)
    True
    """
    drawn = tex2mathml(latex, as_block=block).strip()
    opening, _, rest = drawn.partition(">")
    body = rest.removesuffix("</math>")
    source = f'<annotation encoding="application/x-tex">{escape(latex.strip())}</annotation>'
    return f"{opening}>\n<semantics><mrow>{body}</mrow>\n{source}</semantics></math>"


def _drawn(translator: Any, node: nodes.math | nodes.math_block, *, block: bool) -> str:
    """Return a formula, or as it was typed, and a warning, where it is no LaTeX that is known."""
    from docutils.utils.math import MathError
    from sphinx.util import logging

    try:
        return mathml(node.astext(), block=block)
    except MathError as error:
        # Lines of a notebook are counted by cell; the page alone is sure.
        page = translator.builder.current_docname
        logging.getLogger(__name__).warning(f"formula: {error}", location=page)
        return escape(node.astext())


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(f'<span class="equation">{_drawn(self, node, block=False)}</span>')
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    self.body.append(f'<div class="equation" tabindex="0">{_drawn(self, node, block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, Any]:
    """Register the renderer ``mathml``.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder, which names the renderer in ``html_math_renderer``.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
