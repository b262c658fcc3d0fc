"""From a claim and its dated documents to a verdict, by one rule.

**Who speaks.** A publisher is who says a thing, not who carries it; a government is one publisher,
whichever of its offices speaks. Each publisher has one voice on a claim, however many documents it
has. Where its own documents differ, its voice *qualifies* the claim.

**How parties count.** What a party says of itself (it opposes a plan, it founds a coalition) is the
act that the claim speaks of, and counts as any document does. What a party says of a fact that it
gains by when it is believed, or loses by, documents its stance and not the fact. So those who gain
and bear the claim out, or who lose and contradict it, are *interested*. All the interested on one
side are one voice, and that voice counts only beside a publisher with nothing to gain that says the
same. A party that speaks against its own interest counts in full.

| voices that count | verdict |
|---|---|
| fewer than two | One source only |
| none contradicts and none qualifies | Supported |
| none contradicts, some qualify | Partly |
| more bear it out than contradict it | Partly |
| at least two contradict it, none bears it out | Contradicted |
| otherwise | Not supported |

What is not at hand is no evidence against a claim: without documents too it rests on one source
only, the article.
"""

from collections.abc import Iterable

import pandas as pd

from helpers.claims.decisions import CONTRADICTED, NOT_SUPPORTED, ONE_SOURCE, PARTLY, SUPPORTED
from helpers.claims.documents import Document, Documentary
from helpers.claims.rule import Verdict

STANCES = {"bears_out": "for", "qualifies": "in part", "contradicts": "against"}  # in a reason


def judge_documents(claim: Documentary, documents: Iterable[Document]) -> Verdict:
    """Judge a documentary claim by the rule of this module.

    Parameters
    ----------
    claim : Documentary
        The claim, with who gains and who loses by it.
    documents : iterable of Document
        Documents on this and on other claims; only its own are heard.

    Returns
    -------
    Verdict
        The verdict without measured voices; its reasons count the publishers.

    Examples
    --------
    >>> about = {"statement": "They met.", "place": "end", "asks": "that they met"}
    >>> claim = Documentary(kind="documentary", id="met", limits=["one day"], **about)
    >>> row = {"claim": "met", "date": "2024", "kind": "press", "stance": "bears_out"}
    >>> row |= {"says": "they met", "url": "https://a.org/1", "retrieved": "2025"}
    >>> documents = [Document(publisher=name, **row) for name in ("A", "B")]
    >>> judge_documents(claim, documents).verdict
    'Supported'
    >>> judge_documents(claim, documents[:1]).verdict
    'One source only'
    """
    said = heard(claim, documents)
    free = dict.fromkeys(STANCES, 0)
    interested: dict[str, list[str]] = {stance: [] for stance in STANCES}
    for publisher, stance in said.items():
        if _interested(claim, publisher, stance):
            interested[stance].append(publisher)
        else:
            free[stance] += 1
    count = {stance: free[stance] + bool(free[stance] and interested[stance]) for stance in free}
    idle = [name for stance in free if not free[stance] for name in interested[stance]]
    reasons = [_counted(count)]
    if idle:
        reasons.append(f"in their own cause alone: {', '.join(idle)}")
    return Verdict(claim.id, _verdict(**count), reasons=tuple(reasons))


def heard(claim: Documentary, documents: Iterable[Document]) -> dict[str, str]:
    """Return the one voice that each publisher has on a claim.

    Parameters
    ----------
    claim : Documentary
        The claim.
    documents : iterable of Document
        Documents on this and on other claims.

    Returns
    -------
    dict of str to str
        Publisher to stance, in the order in which they first spoke.

    Examples
    --------
    >>> claim = Documentary.model_construct(id="met")
    >>> row = {"claim": "met", "publisher": "A"}
    >>> both = [Document.model_construct(stance=one, **row) for one in ("bears_out", "contradicts")]
    >>> heard(claim, both)
    {'A': 'qualifies'}
    """
    said: dict[str, set[str]] = {}
    for one in documents:
        if one.claim == claim.id:
            said.setdefault(one.publisher, set()).add(one.stance)
    return {
        publisher: next(iter(stances)) if len(stances) == 1 else "qualifies"
        for publisher, stances in said.items()
    }


def overview(claims: Iterable[Documentary], documents: Iterable[Document]) -> pd.DataFrame:
    """Tabulate the verdicts, one row a documentary claim.

    Parameters
    ----------
    claims : iterable of Documentary
        The claims.
    documents : iterable of Document
        All documents.

    Returns
    -------
    pandas.DataFrame of str, one row a claim
        ``id``, ``claim``, ``verdict``; who ``bears_out``, ``qualifies`` and ``contradicts`` it,
        each with the months or years of its documents; and ``why``.

    Examples
    --------
    >>> claim = Documentary.model_construct(id="met", statement="They met.", gains=[], loses=[])
    >>> row = {"claim": "met", "publisher": "A", "stance": "bears_out", "date": "2024-06-24"}
    >>> overview([claim], [Document.model_construct(**row)])["bears_out"].item()
    'A (2024-06)'
    """
    documents, rows = list(documents), []
    for claim in claims:
        verdict, said = judge_documents(claim, documents), heard(claim, documents)
        sides = {
            stance: ", ".join(
                _dated(name, claim, documents) for name in said if said[name] == stance
            )
            for stance in STANCES
        }
        about = {"id": claim.id, "claim": claim.statement, "verdict": verdict.verdict}
        rows.append(about | sides | {"why": "; ".join(verdict.reasons)})
    return pd.DataFrame(rows, columns=["id", "claim", "verdict", *STANCES, "why"])


def _dated(publisher: str, claim: Documentary, documents: list[Document]) -> str:
    mine = [one for one in documents if (one.claim, one.publisher) == (claim.id, publisher)]
    return f"{publisher} ({', '.join(dict.fromkeys(one.date[:7] for one in mine))})"


def _interested(claim: Documentary, publisher: str, stance: str) -> bool:
    own_cause = {"bears_out": claim.gains, "contradicts": claim.loses}
    return publisher in own_cause.get(stance, ())


def _verdict(bears_out: int, qualifies: int, contradicts: int) -> str:
    if bears_out + qualifies + contradicts < 2:
        return ONE_SOURCE
    if not contradicts:
        return PARTLY if qualifies else SUPPORTED
    if contradicts >= 2 and not bears_out:
        return CONTRADICTED
    return PARTLY if bears_out > contradicts else NOT_SUPPORTED


def _counted(count: dict[str, int]) -> str:
    if not any(count.values()):
        return "no publisher whose word can count was found"
    return ", ".join(f"{number} {STANCES[stance]}" for stance, number in count.items() if number)
