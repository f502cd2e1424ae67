"""Questions that lean on the talk ("and in 2021?", "the second one") made whole by rules."""

import re
from collections.abc import Sequence

from documents.text import words

LONG = 25  # words; who writes that many leans on nothing
LOOKED_AT = 4_000  # characters of the earlier answer

_LEAD = re.compile(
    r"(?:and|or|but|so|then|also|what about|how about|what of|same for|und|oder|aber|wie ist es mit"
    r"|was ist mit|et|ou|mais|qu'en est-il de|y|o|pero|qué hay de)\b[\s,]*",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:yes|yeah|yep|sure|ok|okay|please|please do|go on|go ahead|do it|of course|tell me more|more"
    r"|ja|gerne|bitte|oui|sí|vale)(?:[\s,]+(?:please|do|sure|go on|go ahead|bitte|gerne))*[\s.!]*",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"(?:would you like|do you want|shall i|should i|may i|can i|want)\b(?: me)?(?: also)?(?: to)?"
    r"(?: (?:know|hear|see|tell|show|give|list|explain|look)\b)?(?: you)?(?: (?:more|up|at))?(?: about)?\s*"
    r"(?P<what>.+?)\?",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:(?P<own>its|their|his|whose)|(?P<what>it|they|them|he|she|him|her|this|these|those|that"
    r"|there|the same|both|the former|the latter|the others?)(?P<one> ones?)?)\b",
    re.IGNORECASE,
)
_NO_PRONOUN = re.compile(
    r"\b(?:is|are|was|were|does|do) (?:there|it (?:true|possible))\b|\bthere (?:is|are|was|were)\b"
    r"|(?<=\w) that(?= (?:the|a|is|are|was|were|has|have|can|we|i|you)\b)"
    r"|\b(?:this|that|these|those) (?=(?!one|year|time)[a-z]{3,})",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:who|when|where|why|which|what|how|did|does|is|are|was|were)\b", re.IGNORECASE
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ORDINAL = re.compile(
    rf"\b(?:the )?(?:(?P<word>{'|'.join(_ORDINALS)}|last)|(?P<digit>\d)(?:st|nd|rd|th)"
    r"|(?:number|no\.?|point|item|option) (?P<number>\d))"
    r"(?: (?:one|point|item|option|thing|of (?:them|these|those)))?\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(?:and|or|but|if|when|because|before|after|until)\b", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:your|(?:the|that) (?:last|previous)) (?:answer|response|reply)\b|\bwhat you (?:just )?"
    r"(?:said|wrote)\b|\bthe above\b|\b(?:deine?r?|ihre) (?:letzte )?antwort\b",
    re.IGNORECASE,
)
# With which answers begin, and which are nobody's name.
_OPENERS = {
    "according",
    "based",
    "yes",
    "no",
    "unfortunately",
    "sorry",
    "note",
    "laut",
    "gemäß",
    "ja",
}
LAST = 600  # characters of an answer, in which it offers something
_PERSONS = {"he", "she", "him", "her", "his"}
_ITEM = re.compile(r"^[^\S\n]*+(?:[-*+•]|\d{1,2}[.)])\s+(.+)$", re.MULTILINE)
_JOINT = re.compile(r",? (?:and|or|und|et|y) ")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(
    r"(?:[^\W\d_a-zß-ÿ][\w&-]*|(?<!\d)\d++[A-Z]\w*)"
    r"(?:(?: of| de| von| &)? (?:[^\W\d_a-zß-ÿ][\w&-]*|\d+[A-Z]?\w*))*"
)
CITED = re.compile(r"\[\d[\d,\s-]*\]")
_MARKS = re.compile(rf"{CITED.pattern}|[*_`#]")


def complete(question: str, earlier_questions: Sequence[str], earlier_answer: str) -> str:
    """The question as it can be searched for by itself; unchanged when it leans on nothing.

    The earlier questions come oldest first, each whole already; the answer is that to the last.
    """
    asked = " ".join(question.split())
    before = " ".join(earlier_questions[-1].split()) if earlier_questions else ""
    if not before or len(asked.split()) > LONG:
        return question
    earlier_answer = earlier_answer[:LOOKED_AT]
    if _OWN.search(asked):
        return before
    if is_assent(asked):
        offered = _offered(earlier_answer)
        return complete(offered, [before], "") if offered else before
    if (picked := _picked(asked, earlier_answer)) is not None:
        return picked if len(brought(asked)) > 1 else f"{picked} {before}"
    rest = _LEAD.sub("", asked, count=1) if _LEAD.match(asked) else ""
    if rest and (changed := _changed(rest, before)):
        return changed
    if pronoun := _pronoun(asked):
        return _resolved(asked, pronoun, before, earlier_answer)
    if not (rest or _is_bare(asked)):
        return question
    return _changed(asked, before) or _widened(asked, rest, before)


def is_assent(question: str) -> bool:
    """`Yes, please`, which asks for nothing by itself."""
    return _YES.fullmatch(" ".join(question.split())) is not None


def _offered(answer: str) -> str:
    """What the answer's last sentence offers to tell."""
    last = _MARKS.sub("", answer).strip().rsplit("\n", 1)[-1][-LAST:]
    found = list(_OFFER.finditer(last))
    return found[-1]["what"].strip() if found and last.endswith("?") else ""


def brought(question: str) -> list[str]:
    """The terms that the question brings itself."""
    return words.query(_ORDINAL.sub(" ", _LEAD.sub("", question, count=1)))


def _picked(question: str, answer: str) -> str | None:
    """The question with "the second one" replaced by that item of the answer's list."""
    match = _ORDINAL.search(question)
    items = _items(answer)
    if match is None or not items:
        return None
    stands_alone = match[0].endswith("one") or not question[match.end() :].strip(" ?.!")
    if len(brought(question)) > 1 and not stands_alone:
        return None
    number = match["digit"] or match["number"]
    word = (match["word"] or "").lower()
    place = int(number) - 1 if number else -1 if word == "last" else _ORDINALS.index(word)
    if not -1 <= place < len(items):
        return None
    return (question[: match.start()] + items[place] + question[match.end() :]).strip(" ?.") + "?"


def _items(answer: str) -> list[str]:
    text = _MARKS.sub("", answer)
    items = _ITEM.findall(text)
    if not items and (items := _series(text)):
        items[0] = items[0].rsplit(" are ", 1)[-1].rsplit(" were ", 1)[-1]
    return [re.split(r"[:.;] | [-\u2013\u2014] ", item.strip())[0][:120] for item in items]


def _series(text: str) -> list[str]:
    """The items of the first "a, b and c"."""
    for part in re.split(r"[.:;\n]", text):
        first = part.find(", ")
        joint = _JOINT.search(part, first + 2) if first > 0 else None
        last = part[joint.end() :].partition(",")[0] if joint else ""
        if joint and last:
            return [*part[: joint.start()].split(", "), last]
    return []


def _changed(asked: str, before: str) -> str:
    """The earlier question with the one thing that is asked anew: another year or another name."""
    years, names = YEAR.findall(asked), _names(asked, short=True)
    if set(words.query(asked)) - set(words.query(" ".join([*years, *names]))):
        return ""
    old_years, old_names = YEAR.findall(before), _names(before)
    if len(names) > 1 or len(years) > 1 or not (names or years):
        return ""
    if (names and not old_names) or _inside(names, before):
        return ""
    if names:
        before = before.replace(old_names[-1], names[0])
    if years and old_years:
        return before.replace(old_years[-1], years[0])
    return f"{before.rstrip(' ?.')} {years[0]}?" if years else before


def _inside(names: Sequence[str], before: str) -> bool:
    return any(name.lower() in before.lower() for name in names)


def _names(text: str, *, short: bool = False) -> list[str]:
    """Words with a capital; the first word of a whole question says nothing by its own."""
    found = []
    for match in _NAME.finditer(text):
        name, start = match[0], match.start()
        while name and not words.terms(name.split()[0]):
            start += len(name.split()[0]) + 1
            name = name.partition(" ")[2]
        alone = start == 0 and " " not in name and name.isalpha() and not short
        has_capital = name[:1].isupper() or name[:1].isdigit()
        if has_capital and words.terms(name) and not alone and not YEAR.fullmatch(name):
            found.append(name)
    return list(dict.fromkeys(found))


def _pronoun(question: str) -> re.Match[str] | None:
    """The one that stands for something outside the question."""
    masked = _NO_PRONOUN.sub(lambda match: "\0" * len(match[0]), question)
    match = _PRONOUN.search(masked)
    if match is None or _names(question[: match.start()]):
        return None
    *clauses, _ = _JOINED.split(question[: match.start()])
    return None if any(len(words.query(clause)) > 1 for clause in clauses) else match


def _resolved(question: str, pronoun: re.Match[str], before: str, answer: str) -> str:
    first = _MARKS.sub("", answer.partition("\n")[0])
    person = pronoun[0].lower() in _PERSONS or before[:3].lower() == "who"
    said = _names(first)
    if not said and person:
        said = [name for name in _names(first, short=True) if name.lower() not in _OPENERS]
    names = (said or _names(before)) if person else (_names(before) or said)
    if not names:
        return f"{question} {before}"
    name = f"{names[0]}'s" if pronoun["own"] else names[0]
    replaced = question[: pronoun.start()] + name + question[pronoun.end() :]
    if len(words.query(question)) < 2:
        return f"{replaced} {before}"
    years = [] if YEAR.search(question) else YEAR.findall(before)
    others = [each for each in _names(before) if each not in replaced] if person else []
    return " ".join([replaced, *others, *years])


def _is_bare(question: str) -> bool:
    """Too short to be about anything by itself."""
    terms = words.query(question)
    return len(terms) < 2 or (len(question.split()) < 4 and not _names(question, short=True))


def _widened(asked: str, rest: str, before: str) -> str:
    """With what the earlier question was about; a clause of its own takes its names alone."""
    if rest and len(words.query(rest)) > (1 if _CLAUSE.match(rest) else 2):
        names = [] if _names(rest) else [*_names(before), *YEAR.findall(before)]
        return " ".join([rest, *names])
    return f"{asked} {before}"
