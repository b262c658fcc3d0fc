"""What each published series counts: the crosswalk from a text's words to our vocabulary.

The same word hides different things ("incidents" are attacks here, attacks and operations there), so
every series is given a scope, and a series that no rule knows is an error, never a guess.
"""

import re
from typing import NamedTuple

from helpers.base.errors import InputError

SCOPES = {
    "militant_attacks": "attacks by militants; killed are all who died in them, attackers included",
    "state_operations": "operations and other actions by security forces against militants",
    "combined": "militant attacks and state operations together; killed are all, militants included",
    "crime_included": "CRSS 2013 to 2017: as combined, and criminal and political violence besides",
    "all_violence": "PIPS overall incidents: as combined, and political, tribal and border clashes besides",
    "civilians_and_security_forces": "deaths of civilians and security forces only, militants left out",
    "official": "incidents and deaths as an authority counts them, by its own definition",
    "claims": "what a militant group claims for itself",
    "group": "attacks by the group that the series names",
    "target": "attacks on, or deaths among, the target that the series names",
    "subset": "the kind of violence that the series names",
    "share": "a share in percent, of what the series names",
    "change": "a change on an earlier period, of what the series names",
    "summary": "a mean or an extreme over several periods",
    "index": "rank in an index",
    "strength": "fighters of a group",
    "mergers": "groups that joined another, counted from a date that the series names",
}

# Scopes that count a whole, so that one publisher's periods can stand in one time series.
WHOLE = {
    "militant_attacks": "attacks by militants",
    "state_operations": "operations by security forces",
    "combined": "all violent incidents",
    "crime_included": "all violence, crime included",
    "all_violence": "all violence, all kinds",
    "civilians_and_security_forces": "civilians and security forces only",
    "official": "incidents as the authority counts them",
    "claims": "attacks that the group claims",
}

# Publisher as the collection names it -> publisher, and who quotes it.
PUBLISHERS = {
    "GTI (IEP)": ("GTI", ""),
    "PIPS (EASO/Cedoca Oct 2020 quoting)": ("PIPS", "EASO/Cedoca"),
    "PIPS (Wikipedia text on Alchetron)": ("PIPS", "Alchetron"),
    'PIPS (text says only "a study")': ("PIPS", "text names no source"),
    "PIPS (text unattributed; equals PIPS 2022 report)": ("PIPS", "text names no source"),
    'CRSS (report says only "a research institution")': ("CRSS", "text names no source"),
    "SATP (via Business Recorder)": ("SATP", "Business Recorder"),
    "SATP (via Akhtar & Ahmed 2023)": ("SATP", "Akhtar and Ahmed 2023"),
    "SATP (not named in the sentence)": ("SATP", "text names no source"),
    "SATP-style cumulative (source not named)": ("SATP", "text names no source"),
    "unattributed (equals SATP 2014-vintage total)": ("unattributed", "text names no source"),
    "unattributed (probably SATP)": ("unattributed", "text names no source"),
    "unattributed (probably SATP, early vintage)": ("unattributed", "text names no source"),
    "unattributed (StrategyPage; totals equal SATP 2003-2006)": ("unattributed", "StrategyPage"),
    "NACTA (Interior Ministry to Senate)": ("NACTA", "Ministry of Interior"),
    "NACTA / US State Dept": ("NACTA", "US State Department"),
    "Pakistan Ministry of Interior (to National Assembly)": ("Pakistan Ministry of Interior", ""),
    "TTP (own claims)": ("TTP", ""),
    "TTP (own claims, via MEMRI)": ("TTP", "MEMRI"),
    "PTI/TTP spokesman": ("TTP", "PTI"),
    "US State Dept (START/GTD statistical annex)": ("US State Department", ""),
    "UN Analytical Support and Sanctions Monitoring Team (via press)": (
        "UN Monitoring Team",
        "press",
    ),
    "Balochistan officials (via The Balochistan Post)": (
        "Balochistan officials",
        "The Balochistan Post",
    ),
    "KP official statistics (via press)": ("KP officials", "press"),
    "RSIS CTTA (own source note not shown)": ("RSIS CTTA", ""),
    "Pakistan security agencies (report to Supreme Court)": (
        "Pakistan security agencies",
        "Supreme Court",
    ),
    "ISPR (military)": ("ISPR", ""),
    "Dawn newspaper count": ("Dawn", ""),
    "B. Raman (International Terrorism Monitor)": ("B. Raman", ""),
}

OFFICIAL = "NACTA|ISPR|KP |Pakistan |Balochistan officials"

# Tried in order on "publisher | series | metric | year"; the third entry names the series, "" is the
# scope's own name and None the collection's own words, tidied.
RULES: list[tuple[str, str, str | None]] = [
    (r"\bchange\b.* on |fall 2015 on", "change", None),
    (r"\bshare\b", "share", None),
    (r"^GTI.*\bindex (rank|year)", "index", "rank in the index"),
    (r"\baverage\b", "summary", None),
    (r"lowest of the four|_total_min", "summary", "lowest year, all deaths"),
    (r"highest of the four|_total_max", "summary", "highest year, all deaths"),
    (r"fighters \(|fighters in Afgh", "strength", "fighters of TTP"),
    (r"TTP mergers cumulative", "mergers", "groups that joined TTP since July 2020"),
    (r"^UN .*cross-border", "subset", "attacks by TTP across the border"),
    (r"^UN .*TTP attacks", "group", "attacks by TTP"),
    (r"^TTP .*(FC|army|police)\b", "claims", None),
    (r"^TTP ", "claims", ""),
    (r"civ_plus_sf|civilians_plus_sf", "civilians_and_security_forces", ""),
    # the wholes that name attacks and operations in one breath
    (r"^CRSS.*(2013-2017 scope|violence-linked.*\| 201[0-7]$)", "crime_included", ""),
    (r"^CRSS.*(all violence:|violence-linked|cumulative)", "combined", ""),
    (r"^PICSS \| (.*militant attacks \+ security-force|combat-related|combined)", "combined", ""),
    (r"^PIPS.*attacks and clashes", "all_violence", "attacks and clashes"),
    (r"^PIPS.*(overall incidents|incidents of violence|all incidents)", "all_violence", ""),
    (r"^FATA Research.*counter-terrorism", "combined", ""),
    # subsets
    (r"\| suicide attacks.*\| suicide_attacks|annual suicide attacks", "militant_attacks", ""),
    (r"bombings and suicide", "subset", "bombings and suicide attacks"),
    (r"\| suicide attacks", "subset", "suicide attacks"),
    (r"drone (attacks|strikes)", "subset", "drone strikes"),
    (r"sectarian", "subset", "sectarian attacks"),
    (r"cross-border|across the border", "subset", "attacks across the border"),
    (r"border clashes", "subset", "border clashes"),
    (r"major incidents", "subset", "incidents with three or more deaths"),
    (r"political / election|ethno-political", "subset", "political violence"),
    (r"inter-tribal", "subset", "clashes between tribes"),
    (
        r"clashes between security|\| armed clashes",
        "subset",
        "clashes of security forces and militants",
    ),
    # victims and targets
    (r"police killed|police injured|attacks on police|targeting police", "target", "police"),
    (r"Frontier Corps killed", "target", "Frontier Corps"),
    (r"Federal Constabulary", "target", "Federal Constabulary"),
    (r"(\| army killed|killed_army|soldiers killed)", "target", "army"),
    (r"army \+ FC", "target", "army and Frontier Corps"),
    (r"armed forces casualties", "target", "armed forces"),
    (r"on political leaders", "target", "political leaders and parties"),
    (r"(attacks|incidents) .*on (security|military|law enforcement)", "target", "security forces"),
    (r"attacks on civilians", "target", "civilians"),
    (r"\| (civilians|law enforcement personnel|security forces) injured", "target", r"\1"),
    # the state's side
    (
        r"operation|security-force actions|outlaws killed|^ISPR.*stated 27 Dec",
        "state_operations",
        "",
    ),
    # deaths without militants
    (r"^ISPR.*security personnel only", "official", ""),
    (r"^(SATP|CRSS|ISPR|KP).*civilians \+ security", "civilians_and_security_forces", ""),
    (r"^(NACTA|Pakistan Ministry).*(martyred|civilians \+ law|cumulative)", "official", ""),
    # attacks by whom
    (
        r"(?:attacks|incidents|deaths).* (?:by|attributed to|claimed by) (?!category|province|SATP)"
        r"(.+?)(?: killed)? \|",
        "group",
        r"attacks by \1",
    ),
    # publishers' own wholes
    (
        r"^GTI.*(TerrorismTracker|annual terroris)",
        "militant_attacks",
        "terrorist attacks, TerrorismTracker data",
    ),
    (r"^GTI.*GTD", "militant_attacks", "terrorist attacks, GTD data"),
    (r"^SATP.*excludes Karachi", "combined", "all violent incidents but Karachi target killings"),
    (r"^SATP.*\| incidents_cumulative", "civilians_and_security_forces", ""),
    (r"^SATP.*(incidents of killing|Hindi).*\| incidents", "combined", "incidents of killing"),
    (r"^(SATP|unattributed|RSIS|Dawn|B\. Raman)", "combined", ""),
    (r"^PICSS.*(militant attacks|cumulative)", "militant_attacks", ""),
    (r"^(PIPS|CRSS|US State).*terror(ist)? attacks", "militant_attacks", ""),
    (r"^PIPS.*12 months before/after", "militant_attacks", ""),
    (r"^US State.*annual|^FATA Research.*terrorism incidents|^NACTA / US", "militant_attacks", ""),
    (rf"^({OFFICIAL})", "official", ""),
]


class Subject(NamedTuple):
    """What a figure counts, and of what."""

    scope: str
    series: str


def subject(publisher: str, series: str, metric: str, year: str) -> Subject:
    """Return scope and name of a series; :class:`InputError` when no rule knows it."""
    text = f"{publisher} | {series} | {metric} | {year}"
    for pattern, scope, name in RULES:
        found = re.search(pattern, text)
        if found:
            name = WHOLE[scope] if name == "" else series if name is None else found.expand(name)
            return Subject(scope, _tidy(name))
    raise InputError(
        f"the series '{series}' of {publisher} has no scope; add a rule to "
        "published_scopes.RULES that says what it counts"
    )


def _tidy(name: str) -> str:
    """Drop remarks in brackets, "over" and "about", and the wording that varies between texts."""
    name = re.sub(r"\s*\([^)]*\)", "", name)
    name = re.sub(r";.*$", "", name)
    return re.sub(r"\s+", " ", name).strip()


def publisher(name: str) -> tuple[str, str]:
    """Return the publisher of a figure and who quotes it (empty: its own text or the press)."""
    return PUBLISHERS.get(name, (name, ""))
