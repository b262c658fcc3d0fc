"""Words of quantity and rank: those that a number could contradict, and those that claim nothing.

A word alone says little: *every* before *source* claims something of data, before *page* it does
not. So strong words (*most*, *a fifth*, *deadliest*, *doubled*) count wherever they stand, and weak
ones (*every*, *no*, *few*, *seven*) before a noun of what is counted or drawn. What holds such a
word by habit (*at most*, *the most recent*), asks, supposes, or quotes the article claims nothing.
A bound number stands in the text as :data:`BOUND`: *rose by* before one is tied to it.
"""

import re

from helpers.prose.digits import END

BOUND = "⁂"  # where a role quotes a result

NUMBER = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|thousand|million)"
)
PART = (
    r"(?:hal(?:f|ves)|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twentieth"
    r"|hundredth)s?"
)
# What is counted, by whom, and where; what is made of it; what is drawn of it; spans of time.
COUNTED = (
    r"(?:attack|assault|bombing|blast|explosion|raid|ambush|clash|strike|killing|murder|incident"
    r"|event|operation|death|fatality|fatalitie|casualty|casualtie|victim|injury|injurie|dead|killed"
    r"|wounded|injured|civilian|soldier|officer|police(?:man|men)?|militant|insurgent|rebel|fighter"
    r"|terrorist|troop|person|people|man|men|woman|women|child|children|group|faction|ally|allie"
    r"|alliance|dyad|merger|join|pledge|source|tracker|dataset|database|observer|expert|newspaper"
    r"|report|tally|tallie|series|province|district|region|place|town|city|citie|village|country"
    r"|countrie|verdict|claim|violence|harm|fighting)(?:e?s)?"
)
MADE = r"(?:count|estimate|interval|forecast|outcome|model|specification|scenario|rating|record)s?"
THING = f"(?:{COUNTED}|{MADE})"
DRAWN = r"(?:bar|dot|line|curve|ratio|share|histogram|panel)s?"
TIME = r"(?:month|year|week|decade)s?"
# Up to two words before the noun, none of which ends the phrase.
ENDS = r"(?:of|in|to|and|or|is|are|the|that|as|for|from|by|with|on|at|than|but)"
ADDED = rf"(?: (?!{ENDS}\b)[\w’'-]+){{0,2}}?"

# Words that end like a superlative and are none.
NOT_SUPERLATIVE = (
    r"(?:test|rest|west|jest|lest|nest|pest|vest|zest|guest|quest|crest|chest|forest|honest|modest"
    r"|latest|interest|disinterest|unrest|arrest|protest|contest|invest|suggest|request|harvest"
    r"|digest|ingest|manifest|earnest|priest|attest|detest|pretest|conquest|tempest|inquest|bequest"
    r"|northwest|southwest|midwest|backtest|nearest)"
)
CHANGED = (
    r"(?:rose|risen|fell|fallen|grew|grown|shrank|shrunk|sank|(?:in|de)creased|declined|dropped"
    r"|climbed|soared|surged|plunged|plummeted|tumbled|slumped|worsened|improved|deteriorated"
    r"|escalated|intensified|spiked|jumped|dipped|ebbed|subsided|abated|exploded|skyrocketed"
    r"|rocketed|swelled|dwindled|diminished|waned|stagnated|spiralled|accelerated"
    r"|(?:went|gone|goes) (?:up|down)|(?:did|does|do)(?: not)? (?:rise|fall|grow|drop|increase))"
)
COMPARED = (
    r"(?:more|less|fewer|worse|better|deadlier|bloodier|higher|lower|larger|greater|bigger|smaller"
    r"|longer|shorter|stronger|weaker|faster|slower|rarer|safer|wider|narrower|steeper|milder"
    r"|heavier|lighter|often?er|further)"
)
STATES = r"(?:is|are|was|were|has been|have been|lies?|lay|stands?|stood|remains?|remained)"
HOW = r"(?:\w+ly |far |much |even |still |well |way )?"
SIZE = r"(?:large|larger|great|greater|big|small|tiny|sizeable|substantial|considerable|better)"
DOES = (
    rf"(?:is|are|was|were|has|have|had|do|does|did|lies?|points?|shows?|holds?|says?|agrees?|comes?"
    rf"|leads?|follows?|rises?|falls?|doubts?|disputes?|died?|survived|claimed|{CHANGED})"
)
MOVE = r"(?:rise|increase|growth|surge|jump|spike|fall|decline|drop|decrease|plunge)"
CHANGING = (
    r"(?:is|are|was|were|been|keeps?|kept|began|went on) (?:\w+ly )?(?:rising|falling|growing"
    r"|climbing|shrinking|increasing|decreasing|declining|dropping|worsening|improving|soaring|surging)"
)

FOUND = {
    "share": (
        r"most(?:ly)?",
        r"mainly|chiefly|largely|predominantly|overwhelmingly|minority|majorit(?:y|ies)"
        r"|(?:the )?(?:bulk|lion['’]s share) of|preponderance|dominat(?:e|es|ed)|outweigh(?:s|ed)?",
        r"hardly|scarcely|barely|rarely|seldom|virtually|usually|typically",
        rf"{SIZE} (?:part|share|fraction|proportion|portion|number)s? of|(?:handful|plenty) of",
        rf"{SIZE} (?:part|share|fraction|proportion|portion)",
        r"(?:nearly|almost|not) (?:all|every\w*|each|none|never|always|no|any|as many|half)",
        r"(?:nearly|almost) (?:entirely|exclusively|wholly|completely)",
        rf"(?:a|one|{NUMBER})[ -](?:(?!of\b)\w+ )?{PART}",
        r"half(?! a (?:year|month|day|century|degree)\b)(?![ -](?:year|degree))",
        rf"(?:one|{NUMBER}) (?:times? )?(?:in|of|out of) (?:(?:every|the|its|their) )?"
        rf"(?:one|{NUMBER})",
        rf"(?:one|{NUMBER})(?:-{NUMBER})? (?:per ?cent)",
        r"all(?: of(?: the| them| these| those| its| which| whom)| but)",
        rf"(?:all|none|neither|nobody|no one|everybody|everyone) {DOES}|neither {THING}",
        rf"not (?:a single|one){ADDED} {THING}|(?:nobody|no one) else",
        rf"nowhere(?: else)?(?: {DOES}| {STATES}| in)",
        r"none(?: of)?|neither of|everywhere",
    ),
    "number": (
        rf"(?:{NUMBER}[ -])?{NUMBER}{ADDED} {COUNTED}|only (?:one|a single){ADDED} {COUNTED}",
        r"(?:dozens|scores|hundreds|(?:tens of )?thousands|millions) of|countless|numerous",
    ),
    "every": (
        r"(?:all|every|no|few|fewer|many|several|in each)(?: (?:of )?(?:the|these|those|its))?"
        rf"{ADDED} (?:{THING}|{DRAWN})",
        rf"(?:every|in all|in no|in few|in many)(?: single)? {TIME}",
        rf"each{ADDED} {THING} (?:shows?|agrees?|saw|sees|kills?|killed|counts?|rises?"
        rf"|falls?|{CHANGED})",
        rf"both (?:of the |the )?(?:\w+ )?(?:{THING}|{DRAWN})(?! and\b)",
        r"never (?:before|since|again)|invariably|without exception",
        rf"(?:never|always) (?:\w+ ){{0,2}}?(?:{COMPARED}|above|below|{CHANGED}|been)",
    ),
    "rank": (
        rf"(?!{NOT_SUPERLATIVE}\b)[a-z]{{2,}}est",
        r"worst|foremost|utmost|by far|unprecedented|unparalleled|unmatched|unrivalled",
        r"all-time|rank(?:s|ed)? (?:first|second|third|fourth|last|high|low|top)",
        r"(?:the|a|an|new) record(?= (?:year|month|high|low|number|level|for)|[,.])",
        r"record (?:high|low|year|month|number|level)s?",
        r"(?:stands?|stood) out",
        r"(?:tops?|topped|leads?|heads?) (?:the )?(?:list|table|ranking|count)s?",
        rf"(?:first|second|third|fourth|fifth|last|the only|leading|main|chief|top) {THING}",
        r"main (?:target|cause|driver|reason)s?",
        r"(?:for )?the (?:very )?(?:first|last) time",
    ),
    "comparison": (
        rf"{COMPARED}(?: [\w’'-]+){{0,3}}? than|\w{{3,}}er than",
        rf"{STATES} {HOW}(?:higher|lower|larger|greater|bigger|smaller)(?! than)",
        r"deadlier|bloodier|worse|safer|rarer"
        r"|more (?:lethal|deadly|violent|frequent|often|severe|dangerous)"
        rf"|(?:more|fewer|less){ADDED} {THING}",
        r"twice|thrice|doubled?|doubles|doubling|trebled?|tripled?|triples|quadrupl\w+|quintupl\w+"
        rf"|halved?|halving|(?:{NUMBER}|many|several)[- ]?fold",
        rf"(?:{NUMBER}|many|several) times|times as (?:many|much|\w+)"
        rf"|as many{ADDED} {THING}|equal numbers? of",
    ),
    "change": (
        CHANGED,
        rf"{CHANGING}|(?:{STATES}|stayed) {HOW}(?:up|down)(?! to\b)",
        rf"(?:sharp|steep|steady|marked|strong|dramatic|massive) {MOVE}",
        rf"(?:surge|spike|jump|plunge|drop)s? in (?:\w+ ){{0,3}}?{THING}",
        rf"there (?:is|was|were|has been) (?:a|an|no) (?:\w+ )?{MOVE}",
        rf"{MOVE} (?:in (?:\w+ ){{1,3}}?)?(?:came|followed|began|continued|happened)",
        r"peak(?:s|ed)?",
        r"exceed(?:s|ed)?|outnumber(?:s|ed)?|surpass(?:es|ed)?|outpac(?:es|ed)|outstrip(?:s|ped)?"
        r"|overtook|overtakes?|overtaken|dwarf(?:s|ed)?",
        rf"(?:{THING}|{DRAWN}) (?:rise|fall|grow|climb|drop|decline|shrink|soar|(?:in|de)crease)s?",
    ),
    "agreement": (
        r"(?:sources?|trackers?|series|counts?|observers?|experts?|they|others) (?:\w+ )?"
        r"(?:dis)?agree[sd]?",
        r"unanimous(?:ly)?|undisputed|beyond (?:any )?doubt",
    ),
}

HARMLESS = (
    # Ordinary English.
    r"at (?:the )?(?:very )?(?:most|least|best|worst|first|last)|most recent(?:ly)?",
    r"var(?:y|ies) more than|\w+ than it is|half and double|mean that there (?:is|was|were) none",
    r"more or less|once more|any more|no more(?! than)|what is more|all the more",
    r"\w+ than (?:it|they|one) (?:should|would|could)|(?:rather|other) than",
    r"sooner or later|no longer|any longer",
    r"(?:not |first of |in |above |after |at )all|all in all|all the same|all at once",
    r"(?:how|so|too|equally) many(?: times)?|half[- ](?:open|way|line|normal)|halfway",
    r"(?:is|are|be|being) dropped",
    r"double (?:logarithmic|click)|doubl[ey][- ]count\w*|(?:once|twice) a (?:year|day)",
    r"all violence",  # a scope
    # Terms of the trade, and levels that are chosen before anything is computed.
    r"smallest (?:effect|change|rise|fall)s?|worst (?:plausible )?worlds?|largest size",
    r"worst of the (?:\w+ )*worlds|least squares|longest lag",
    r"(?:one (?:time )?in twenty|four times in five|eight in ten|nineteen in twenty)"
    r"(?=\s*(?:[,.;:)]|that\b|as\b|after\b|$))",
    # What a bound number says with it.
    rf"(?:more|less|fewer|higher|lower|larger|smaller|later|earlier|deadlier) than {BOUND}",
    rf"{CHANGED} (?:\w+ )?(?:(?:by|to|from) )?(?:about )?(?:a factor of )?{BOUND}"
    r"(?: times as \w+)?",
    rf"\w+est (?:[\w-]+ ){{0,4}}(?:is|was|are) {BOUND}|{BOUND} \w+ more than",
    rf"{BOUND} times(?: as \w+| more \w+)?",
    rf"{CHANGED} in {BOUND} of",
    # What the article says is the article's, and what is put to the test is no finding.
    r"article(?:['’]s)? (?:\w+ )?(?:says?|said|claims?|argues?|reports?|expects?|calls?|speaks of)"
    rf"[^.;:{END}]*",
    rf"(?:if|whether|unless|as though)\b[^,.;:{END}]*",
    rf"that [^.;{END}]*? is {BOUND}",
    r"where there (?:is|are) none",
)
# After one of these, a comparison or a change is supposed, not stated.
SUPPOSED = r"(?:would|should|could|might|may|must|can|cannot|will|to|than) (?:[\w’'-]+ ){0,3}$"


def compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return patterns as one that finds whole words in text that may be wrapped.

    Parameters
    ----------
    patterns : tuple of str
        A space in a pattern stands for any white space.

    Returns
    -------
    re.Pattern
        Which sees no difference of case.

    Examples
    --------
    >>> compiled(("at most",)).findall("At\\nmost two, at mostly")
    ['At\\nmost']
    """
    joined = "|".join(patterns).replace(" ", r"\s+")
    return re.compile(rf"(?<![\w’'-])(?:{joined})(?![\w’-])", re.IGNORECASE)
