"""On which page of a PDF each place stands that something in it leads to.

Chromium counts pages but cannot say in the contents where a chapter begins, so that the book is
printed, read here, and printed again.
"""

import re

from helpers.base.errors import InputError

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(<<.*?)\nendobj", re.DOTALL)
KIDS = re.compile(rb"/Kids \[([^\]]*)\]")
PLACE = re.compile(rb"/([^\s/\[]+) \[(\d+) 0 R /XYZ")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def leaves(data: bytes) -> dict[str, int]:
    """Return the page of every place that a link of a PDF leads to.

    Parameters
    ----------
    data : bytes
        A PDF as Chromium prints it: no object is packed in another.

    Returns
    -------
    dict of str to int
        Id of the element to page, the first of which is 1.

    Raises
    ------
    InputError
        When it has no pages that can be read, as where another program made it.
    """
    objects = {int(found[1]): found[2] for found in OBJECT.finditer(data)}
    catalog = next((one for one in objects.values() if b"/Type /Catalog" in one), b"")
    order = _pages(objects, _led_to(b"Pages", catalog))
    if not order:
        raise InputError(
            "the pages of the printed book cannot be read; was Chromium changed? "
            "(helpers.book.leaves knows the PDF of Chromium 156)"
        )
    number = {page: at for at, page in enumerate(order, start=1)}
    named = objects.get(_led_to(b"Dests", catalog), b"")
    return {
        ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name).decode(): number[int(page)]
        for name, page in PLACE.findall(named)
    }


def _led_to(name: bytes, of: bytes) -> int:
    """Return the number of the object that an entry of a dictionary names, 0 where it has none."""
    found = re.search(rb"/%s (\d+) 0 R" % name, of)
    return int(found[1]) if found else 0


def _pages(objects: dict[int, bytes], root: int) -> list[int]:
    """Return the numbers of the pages below a node of the tree of pages, in order."""
    kids = KIDS.search(objects.get(root, b""))
    if kids is None:
        return [root] if root in objects else []
    below = (int(one) for one in re.findall(rb"(\d+) 0 R", kids[1]))
    return [page for one in below for page in _pages(objects, one)]
