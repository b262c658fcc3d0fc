"""Two sums per column that say *where* a table was altered, not only that it was.

With ``h(v)`` the hash of a cell's text and ``i`` its row, a column keeps ``A = sum h(v)`` and
``B = sum i * h(v)`` modulo a prime. One altered cell in row ``k`` changes them by ``d`` and
``k * d``, so ``k`` is the quotient: the syndrome decoding of a single-error-correcting
Reed-Solomon code (Reed and Solomon 1960). A lost row is found the same way.
"""

import hashlib
from collections.abc import Sequence

PRIME = (1 << 61) - 1


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % PRIME


def _sums(hashes: Sequence[int]) -> tuple[int, int]:
    plain = sum(hashes) % PRIME
    weighted = sum(row * value for row, value in enumerate(hashes, start=1)) % PRIME
    return plain, weighted


def column_check(cells: Sequence[str]) -> str:
    """Return the two sums of a column.

    Parameters
    ----------
    cells : sequence of str, length n_rows
        The texts of a column, without its header.

    Returns
    -------
    str
        ``"A:B"``, two hexadecimal numbers.

    References
    ----------
    Reed and Solomon (1960), Polynomial codes over certain finite fields.

    Examples
    --------
    >>> column_check(["5", "7"]) == column_check(["7", "5"])  # the order counts
    False
    """
    return "{:x}:{:x}".format(*_sums([_hash(cell) for cell in cells]))


def _parse(check: str) -> tuple[int, int]:
    plain, weighted = (int(part, 16) for part in check.split(":"))
    return plain, weighted


def altered_row(cells: Sequence[str], check: str) -> int | None:
    """Find the one cell that differs from what was stamped.

    Parameters
    ----------
    cells : sequence of str, length n_rows
        The texts of a column, without its header.
    check : str
        The sums of the column as it should be, as of :func:`column_check`.

    Returns
    -------
    int or None
        The row, counted from one; ``0`` when nothing differs, ``None`` when more than one cell
        does.

    Examples
    --------
    >>> check = column_check(["5", "7", "9"])
    >>> altered_row(["5", "8", "9"], check), altered_row(["5", "7", "9"], check)
    (2, 0)
    """
    want, have = _parse(check), _sums([_hash(cell) for cell in cells])
    delta, weighted = ((w - h) % PRIME for w, h in zip(want, have))
    if delta == 0:
        return 0 if weighted == 0 else None
    row = weighted * pow(delta, -1, PRIME) % PRIME
    return row if 1 <= row <= len(cells) else None


def lost_row(cells: Sequence[str], check: str) -> int | None:
    """Find the place of the one row that is gone.

    Parameters
    ----------
    cells : sequence of str, length n_rows
        The texts of a column, without its header.
    check : str
        The sums of the column with the row, as of :func:`column_check`.

    Returns
    -------
    int or None
        The place of the row, counted from one (among equal neighbours the first), or ``None`` when
        no single row explains the difference.

    Examples
    --------
    >>> lost_row(["5", "9"], column_check(["5", "7", "9"]))
    2
    """
    want = _parse(check)
    hashes = [_hash(cell) for cell in cells]
    missing = (want[0] - sum(hashes)) % PRIME
    after = sum(hashes)  # what a loss at the front would have shifted by one
    weighted = _sums(hashes)[1]
    for row in range(1, len(hashes) + 2):
        if (weighted + after + row * missing - want[1]) % PRIME == 0:
            return row
        if row <= len(hashes):
            after -= hashes[row - 1]
    return None
