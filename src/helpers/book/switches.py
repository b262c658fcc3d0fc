"""A directive for figures of which one at a time is shown, and a reader switches.

::

    ::::{switched-figures}
    :legend: what is chosen
    :words: one | another

    :::{figure} ...
    :::

    :::{figure} ...
    :::
    ::::

The switch is a set of radio buttons that needs no script: each stands before its word and its
figure, and the style sheet hides the figure of a button that is not chosen. On paper all are shown.
"""

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from helpers.base import markup

BETWEEN = "|"  # of the words


class SwitchedFigures(SphinxDirective):
    """Put a button with a word before each figure; the first one is chosen."""

    has_content = True
    option_spec = {
        "legend": directives.unchanged_required,
        "words": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the switch with its figures; called by docutils.

        Returns
        -------
        list of docutils.nodes.Node
            HTML before, between and after the figures, which other makers of pages leave out.

        Raises
        ------
        docutils.parsers.rst.DirectiveError
            When ``legend`` or ``words`` is missing, or there are not as many words as figures.
        """
        missing = [name for name in self.option_spec if name not in self.options]
        if missing:
            raise self.error(f"switched-figures has no ':{missing[0]}:'; write one")
        words = [word.strip() for word in self.options["words"].split(BETWEEN)]
        parsed = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        figures = [one for one in parsed.children if isinstance(one, nodes.figure)]
        others = [
            one for one in parsed.children if not isinstance(one, (nodes.figure, nodes.target))
        ]
        if others or len(figures) != len(words):
            raise self.error(
                f"switched-figures has {len(words)} words and {len(figures)} figures"
                f"{' and something else' if others else ''}; expected a word for each figure, "
                f"with '{BETWEEN}' between words, and nothing but figures"
            )
        page = nodes.make_id(self.env.docname)  # on paper all pages are one
        name = f"switch-{page}-{self.env.new_serialno('switch')}"
        legend = markup.html(self.options["legend"])
        shown: list[nodes.Node] = [
            _html(f'<fieldset class="switched"><legend>{legend}</legend><div class="switch">')
        ]
        for number, (word, figure) in enumerate(zip(words, figures)):
            button, chosen = f"{name}-{number}", "" if number else " checked"
            shown += [
                _html(
                    f'<input type="radio" name="{name}" id="{button}"{chosen}>'
                    f'<label for="{button}">{markup.html(word)}</label>'
                ),
                figure,
            ]
        return [*shown, _html("</div></fieldset>")]


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Any) -> dict[str, Any]:
    """Register the directive.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.add_directive("switched-figures", SwitchedFigures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
