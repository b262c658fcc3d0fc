"""A Sphinx extension that writes equations as MathML: browsers draw it without a script of ours.

docutils turns LaTeX into MathML; the source stays in an annotation, where it can be copied.
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

# What opens and closes a group, and the wide space between two statements.
TOKEN = re.compile(r"\\(?:left|right|begin|end|qquad|quad)(?![A-Za-z])|\\.|[{}]", re.DOTALL)
DEEPER = {"{": 1, r"\left": 1, r"\begin": 1, "}": -1, r"\right": -1, r"\end": -1}
BETWEEN = (r"\quad", r"\qquad")


def statements(latex: str) -> list[str]:
    """Return the statements that an equation puts side by side, with a wide space between them.

    A page that is too narrow for all shows one below the other.

    Parameters
    ----------
    latex : str
        The equation in LaTeX.

    Returns
    -------
    list of str
        At least one; a space inside a group parts nothing.

    Examples
    --------
    >>> statements(r"a = b, \\qquad c = d")
    ['a = b,', 'c = d']
    >>> len(statements(r"\\sqrt{a \\quad b}"))
    1
    """
    depth, start, found = 0, 0, []
    for token in TOKEN.finditer(latex):
        depth += DEEPER.get(token[0], 0)
        if token[0] in BETWEEN and not depth:
            found.append(latex[start : token.start()])
            start = token.end()
    return [one.strip() for one in (*found, latex[start:]) if one.strip()] or [latex]


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

    latex = node.astext()
    try:
        return " ".join(
            mathml(one, block=block) for one in (statements(latex) if block else [latex])
        )
    except MathError as error:
        # Lines of a notebook are counted by cell; the page alone is sure.
        page = translator.builder.current_docname
        logging.getLogger(__name__).warning(f"formula: {error}", location=page)
        return escape(latex)


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
