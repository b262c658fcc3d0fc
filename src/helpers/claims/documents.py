"""Claims that dated documents decide: what each asks of a document, and the rows of documents.

Some statements are no counts: a party opposed a plan, a group has bases abroad, a coalition was
formed in a year. Such a claim says what a document would have to state; the documents stand in a
table of their own (``documents.csv``), one row for what one publisher said on one day.
:mod:`helpers.claims.documentary` turns both into a verdict.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict, first_fault

if TYPE_CHECKING:
    import pandas as pd

Text = Annotated[str, Field(min_length=1)]
Day = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
Stance = Literal["bears_out", "qualifies", "contradicts"]
EXPECTED = {
    "date": "a date such as 2024-06-24, 2024-06 or 2024",
    "retrieved": "a date such as 2024-06-24, 2024-06 or 2024",
    "url": "an address with scheme and host",
}


class Documentary(Strict):
    """A claim that dated documents decide.

    Attributes
    ----------
    kind : "documentary"
        What tells it from a claim with a measurement.
    id, statement, place : str
        Its name, what is claimed in our words, and where the article says so.
    asks : str
        What a document must state to bear the claim out.
    gains, loses : list of str
        Publishers whose cause is served when the claim is believed, and when it is not.
    limits : list of str
        What a reader must know.
    """

    kind: Literal["documentary"]
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    statement: Text
    place: Text
    asks: Text
    gains: list[Text] = []
    loses: list[Text] = []
    limits: Annotated[list[Text], Field(min_length=1)]


class Document(Strict):
    """What one publisher said on one day.

    Attributes
    ----------
    claim : str
        The id of the claim that it speaks on.
    date : str
        Day, month or year in which it was said.
    publisher : str
        Who says it, not who carries it: a paper that prints a statement is not its publisher.
    kind : str
        What the publisher is.
    stance : {"bears_out", "qualifies", "contradicts"}
        Whether it states what the claim asks, part of it or with a reserve, or the contrary.
    says : str
        What it says, in our words.
    url : str
        Where it was read.
    retrieved : str
        When it was read.
    """

    claim: Text
    date: Day
    publisher: Text
    kind: Literal["government", "armed group", "party", "international body", "press", "scholarly"]
    stance: Stance
    says: Text
    url: Annotated[str, Field(pattern=r"^https?://[^\s/|]+\.[^\s|]+$")]
    retrieved: Day


def read_documents(
    table: "pd.DataFrame", claims: Iterable[Any], name: str = "documents.csv"
) -> list[Document]:
    """Check the rows of a table of documents, and that they and the claims know each other.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n_documents, 8)
        One row a document; the columns are the attributes of :class:`Document`.
    claims : iterable of Documentary
        The claims that documents decide; others are passed over.
    name : str, default "documents.csv"
        What the table is called in an error.

    Returns
    -------
    list of Document
        The documents, in the order of the table.

    Raises
    ------
    InputError
        When a cell is wrong, with file, row and column; when a row speaks on no claim; and when a
        claim says that somebody gains or loses who has said nothing on it.

    Examples
    --------
    >>> import pandas as pd
    >>> about = {"statement": "They met.", "place": "end", "asks": "that they met"}
    >>> claim = Documentary(kind="documentary", id="met", limits=["one day"], **about)
    >>> row = {"claim": "met", "date": "2024-06", "publisher": "A", "kind": "press"}
    >>> row |= {"stance": "bears_out", "says": "they met", "url": "https://a.org/1"}
    >>> read_documents(pd.DataFrame([row | {"retrieved": "2025-01-01"}]), [claim])[0].publisher
    'A'
    """
    known = {one.id: one for one in claims if isinstance(one, Documentary)}
    rows = table.to_dict("records")
    found = [_document(f"{name}, row {line}", row) for line, row in enumerate(rows, start=2)]
    for line, one in enumerate(found, start=2):
        if one.claim not in known:
            raise InputError(
                f"{name}, row {line}, column 'claim': '{one.claim}' is no claim that documents "
                f"decide; write the id of one{did_you_mean(one.claim, known)}"
            )
        if one.retrieved < one.date[: len(one.retrieved)]:
            raise InputError(
                f"{name}, row {line}, column 'retrieved': {one.retrieved} is before {one.date}, "
                "when it was said; correct one of the two"
            )
    for claim in known.values():
        _sides_speak(claim, {one.publisher for one in found if one.claim == claim.id}, name)
    return found


def _document(where: str, row: dict) -> Document:
    try:
        return Document.model_validate(row)
    except ValidationError as error:
        fault = first_fault(error)
        column = fault.place[-1]
        if fault.kind == "extra_forbidden":
            known = did_you_mean(column, Document.model_fields)
            raise InputError(f"{where}: unknown column '{column}'{known}") from None
        empty = fault.found == "" or fault.found != fault.found  # a missing cell is a NaN
        expected = EXPECTED.get(column, fault.said.removeprefix("should be "))
        told = "nothing, expected a value" if empty else f"{fault.found!r}, expected {expected}"
        raise InputError(f"{where}, column '{column}': found {told}; correct the cell") from None


def _sides_speak(claim: Documentary, publishers: set[str], name: str) -> None:
    for field in ("gains", "loses"):
        for publisher in getattr(claim, field):
            if publisher not in publishers:
                raise InputError(
                    f"claim '{claim.id}', {field}: '{publisher}' says nothing on it in {name}; "
                    f"name a publisher of a document{did_you_mean(publisher, publishers)}"
                )
    if both := set(claim.gains) & set(claim.loses):
        raise InputError(
            f"claim '{claim.id}': '{min(both)}' stands in 'gains' and in 'loses'; drop one"
        )
