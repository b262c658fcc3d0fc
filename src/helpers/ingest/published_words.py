"""The small words of a published figure: its period, its region, its measure, its vintage.

The grammar of periods is that of :mod:`helpers.raw.periods`.
"""

import re

from helpers.base.errors import InputError
from helpers.raw.periods import span

MONTHS = {
    name: number
    for number, name in enumerate(
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1
    )
}
MONTH = "(" + "|".join(MONTHS) + ")[a-z]*"

REGIONS = {
    "FATA": "FATA (merged districts)",
    "AJK": "Azad Jammu and Kashmir",
    "Gilgit Baltistan": "Gilgit-Baltistan",
    "FATA + Khyber Pakhtunkhwa": "Khyber Pakhtunkhwa (incl. ex-FATA)",
    "KP and Balochistan": "Khyber Pakhtunkhwa (incl. ex-FATA) + Balochistan",
    "Rest of Pakistan (Sindh, Punjab, AJK, ICT, GB)": "Rest of Pakistan",
}

METRICS = {
    "fatalities_total": "killed",
    "fatalities_civilians": "killed_civilians",
    "killed_approx": "killed",
    "fatalities_security_forces": "killed_security_forces",
    "fatalities_terrorists": "killed_militants",
    "fatalities_civ_plus_sf": "killed",
    "killed_civilians_plus_sf": "killed",
    "killed_civilians_plus_lea": "killed",
    "killed_civilians_incl_peace_committee": "killed_civilians",
    "killed_army": "killed_security_forces",
    "incidents_of_killing": "incidents",
    "incidents_cumulative": "incidents",
    "killed_change": "killed",
    "attacks_ttp": "attacks",
    "attacks_bla": "attacks",
    "attacks_isk": "attacks",
    "sectarian_attacks": "attacks",
    "cross_border_attacks": "attacks",
    "ttp_fighters": "fighters",
    "groups_merged_cumulative": "groups",
}
VOCABULARY = {
    "attacks",
    "incidents",
    "operations",
    "killed",
    "killed_civilians",
    "killed_security_forces",
    "killed_militants",
    "injured",
    "casualties",
    "suicide_attacks",
    "arrested",
    "abducted",
    "share_pct",
    "change_pct",
    "attacks_per_month",
    "rank",
    "fighters",
    "groups",
}
TAIL = re.compile(
    r"_(to_\w+|more_than|low|high|min|max|approx|2003_2017|2005_may2015|cumulative_22y|22y)$"
)


def measure(metric: str, scope: str, series: str) -> tuple[str, str, str]:
    """Return metric, scope and precision (exact, about, at least, at most) of a figure."""
    base = metric
    while base not in METRICS and TAIL.search(base):
        base = TAIL.sub("", base)
    base = METRICS.get(base, base)
    if scope == "change":
        base = "change_pct" if base == "share_pct" else base
    elif scope == "state_operations" and base == "incidents":
        base = "operations"  # PICSS prints its count of actions under both names
    elif (
        scope == "militant_attacks"
        and base == "incidents"
        or scope == "combined"
        and base == "attacks"
    ):
        base = "attacks" if scope == "militant_attacks" else "incidents"
    if base not in VOCABULARY:
        raise InputError(f"the metric '{metric}' is not known; add it to published_words.METRICS")
    return base, scope, _precision(f"{series} {metric}")


def _precision(words: str) -> str:
    if re.search(r"\((over|more than|low)|_more_than|low of printed|_low\b", words):
        return "at least"
    if re.search(r"\(high\b|high of printed|_high\b", words):
        return "at most"
    hedged = re.search(r"approx|\((about|around|nearly|almost)|rounded|22.year", words)
    return "about" if hedged else "exact"


def region(name: str, source: str, year: str) -> str:
    """Return the canonical name of a region.

    Plain Khyber Pakhtunkhwa is without FATA before the merger of 2018, and always with PICSS, which
    reports the merged districts apart; otherwise the text does not say, and the plain name stays.
    """
    before = re.match(r"\d{4}", year) and int(year[:4]) < 2018
    if name == "Khyber Pakhtunkhwa" and (before or source == "PICSS"):
        return "Khyber Pakhtunkhwa (mainland)"
    return REGIONS.get(name, name)


def period(year: str, month: str, words: str) -> str:
    """Return the period of a figure; ``words`` may narrow it ("year to 16 Apr")."""
    found = _narrowed(year, words) or _plain(year, month)
    span(found)
    return found


def _narrowed(year: str, words: str) -> str | None:
    """Return the days that the words of a series give where year and month are only near them."""
    if days := re.search(rf"\b(\d\d?)-(\d\d?) {MONTH} only", words):
        month = MONTHS[days[3]]
        return f"{year}-{month:02}-{int(days[1]):02}/{year}-{month:02}-{int(days[2]):02}"
    if "monthly fatalities" in words and "_to_15apr" in words:
        return f"{year}-04-01/{year}-04-15"
    if "22-year" in words or "22y" in words:
        return "2001/2022"
    if "2003" in words and "2017" in words and "change" not in words and "scope" not in words:
        return "2003/2017"
    if "2005_may2015" in words:
        return "2005-01/2015-05"
    if re.search(r"mid-?Dec", words):
        return f"{year}-01-01/{year}-12-15"
    if until := re.search(rf"\bto (\d\d?) {MONTH}\b", words):
        return f"{year}-01-01/{year}-{MONTHS[until[2]]:02}-{int(until[1]):02}"
    return None


def _plain(year: str, month: str) -> str:
    """Return the period that the columns year and month give."""
    if run := re.fullmatch(r"(\d{4})-(\d{4})", year):
        if until := re.fullmatch(r"to (\d\d)", month):
            return f"{run[1]}-01/{run[2]}-{until[1]}"
        return f"{run[1]}/{run[2]}"
    if until := re.fullmatch(r"to (\d{4})", year):
        return f"../{until[1]}"
    if re.fullmatch(r"\d{4}-\d\d/\d{4}-\d\d-\d\d", year):
        return f"{year[:7]}-01/{year[8:]}"
    if "/" in year or month == "":
        return year
    if until := re.fullmatch(r"to (\d\d)(-(\d\d))?", month):
        return f"{year}-01-01/{year}-{until[1]}-{until[3] or '01'}"
    if run := re.fullmatch(r"(\d\d)-(\d\d)", month):
        return f"{year}-{run[1]}/{year}-{run[2]}"
    return f"{year}-{month}"


def vintage_in_text(text: dict[str, str], by_address: dict[str, str]) -> str:
    """Return when a figure was published: YYYY[-MM[-DD]], else ``undated``.

    Taken from the collection's own column, else from the series ("vintage Jan 2014"), else from
    another figure of the same address, else from a date inside the address.
    """
    for candidate in (
        text["vintage"],
        _spelt(text["series"]),
        by_address.get(text["url"], ""),
        _in_address(text["url"]),
    ):
        if found := re.match(r"\d{4}(-\d\d(-\d\d)?)?", candidate):
            return found[0]
    return "undated"


def _spelt(series: str) -> str:
    if day := re.search(rf"(?:preliminary, |stated )(\d\d?) {MONTH} (\d{{4}})", series):
        return f"{day[3]}-{MONTHS[day[2]]:02}-{int(day[1]):02}"
    for form in ("vintage {}", "{} vintage", "late {}"):
        if month := re.search(form.format(rf"{MONTH} (\d{{4}})"), series):
            return f"{month[2]}-{MONTHS[month[1]]:02}"
    return ""


def _in_address(url: str) -> str:
    names = "|".join(MONTHS)
    if day := re.search(rf"(?i)/(\d\d)-({names})-(20\d\d)", url):
        return f"{day[3]}-{MONTHS[day[2].title()]:02}-{day[1]}"
    if day := re.search(rf"(?i)/(20\d\d)/({names})/(\d\d)/", url):
        return f"{day[1]}-{MONTHS[day[2].title()]:02}-{day[3]}"
    if day := re.search(r"/(20\d\d)/(\d\d)/(\d\d)/|[-/](20\d\d)-(\d\d)-(\d\d)\b", url):
        return "-".join(part for part in day.groups() if part)
    if day := re.search(r"/(\d\d)/?(\d\d)/?(20\d\d)[/-]", url):
        return f"{day[3]}-{day[2]}-{day[1]}"
    if month := re.search(r"/(20\d\d)/(\d\d)/", url):
        return f"{month[1]}-{month[2]}"
    return ""
