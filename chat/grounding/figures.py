"""The dates, codes and numbers of a sentence: whether the passages, and those it cites, have them."""

import re
from collections.abc import Collection, Iterator, Sequence

from chat.grounding import directions, numbers_dates
from chat.grounding.evidence import Evidence
from chat.grounding.numbers_dates import Number
from chat.grounding.tables import Figure
from documents.text import periods, words

PARTS = (4.0, 12.0, 24.0, 60.0)  # of a year, a day, an hour
SMALL = 10  # whole numbers below it count things in any passage
SCALES = {1e3: "thousands", 1e6: "millions", 1e9: "billions"}

_ABOUT = re.compile(
    r"\b(?:about|around|approximately|approx|roughly|nearly|almost|over|under|more than|less than"
    r"|some|close to|etwa|rund|circa|ca|environ|unos|casi)\b|[~≈]",
    re.IGNORECASE,
)
_COUNTED = re.compile(  # what is said of numbers that somebody has worked out
    r"\b(?:total\w*|together|sum|combined|altogether|average|mean|ratio|margin|per|each|half|twice"
    r"|more|fewer|less|higher|lower|outnumber\w*|differ\w*|chang\w*|ris\w+|rose|f[ae]ll\w*|grew|gr[eo]w\w*"
    r"|up|down|increas\w*|decreas\w*|declin\w*|reduc\w*|gain\w*|drop\w*|that is|that means|or|from"
    r"|insgesamt|zusammen|summe|differenz|mehr|weniger|gestiegen|anstieg|stieg|rückgang|gesunken"
    r"|au total|ensemble|hausse|baisse|en total|aumento)\b|=|[+]",
    re.IGNORECASE,
)
_COMPARED = re.compile(  # another year than the one that is named may be meant
    r"\b(?:prior|previous\w*|preceding|earlier|last|before|after|compar\w+|against|vs|versus|than|from|since"
    r"|chang\w*|increas\w*|decreas\w*|declin\w*|reduc\w*|ris\w+|rose|f[ae]ll\w*|grew|gr[eo]w\w*|up|down"
    r"|until|between|through|average|cumulative|later|next|following|restated|vorjahr\w*|vorher\w*"
    r"|zuvor|gegenüber|von|seit|bis|vergleich\w*|verglichen|stieg|gestiegen|gesunken|anstieg|rückgang"
    r"|précédente?|contre|anterior)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?=[\w-]{0,60}\d)[A-Za-z][\w]*(?:-\w+)*\b|\b\d+-[A-Za-z]\w*\b"
    r"|\b(?!\d{1,3}(?:\.\d{3}){1,12}\b(?!\.))\d+(?:\.\d+){2,}\b|\b\d{1,2}:\d\d(?::\d\d)?\b"  # versions, times
)
_YEAR = re.compile(
    r"(?<![\w.,])(?:19|20)\d\d(?![\w%]|[.,]\d)(?! (?:annual |form )?(?:report|10-|filing))",
    re.IGNORECASE,
)


def reason(said: str, evidence: Evidence, cited: Collection[int]) -> str:
    """Why they are doubted; empty when they are not. `cited`: places of passages, from 0."""
    dates, rest = numbers_dates.dates(said)
    for date in dates:
        if not evidence.has_date(date):
            return f"The date {date.raw} is not in the sources"
    for year in periods.years(rest):
        if year not in evidence.years:
            return f"{year} is not in the sources"
    rest = periods.without(rest)
    for code in _CODE.finditer(rest):
        if not evidence.has_code(code[0]):
            return f"“{code[0]}” is not in the sources"
    found = _of_numbers(_CODE.sub(" ", rest), said, evidence, cited)
    return found or directions.reason(said, (unit.text for unit in evidence.units))


def _of_numbers(rest: str, said: str, evidence: Evidence, cited: Collection[int]) -> str:
    about = _ABOUT.search(rest) is not None
    numbers = list(numbers_dates.numbers(rest))
    known = [number for number in numbers if evidence.has_number(number, rest, about=about)]
    for number in numbers:
        counted = _COUNTED.search(rest) and (
            _is_worked_out(number, known) or _is_sum_of_source(number, said, evidence)
        )
        if number not in known and not counted:
            return _lacking(number, evidence, about=about)
        standing = evidence.standing(number, about=about) if _is_figure(number) else []
        if any(standing) and not counted:
            found = _not_cited(number, standing, evidence, cited) or _in_other_year(
                number, said, [standing[at] for at in cited or range(len(standing))]
            )
            if found:
                return found
    return ""


def _is_figure(number: Number) -> bool:
    """Not a year, nor what counts a few things."""
    value = number.values[0]
    is_small = value < SMALL and value == int(value) and not (number.unit or number.scaled)
    return not (number.is_year or number.tail or is_small)


def _lacking(number: Number, evidence: Evidence, *, about: bool) -> str:
    """Not there, or there in another scale."""
    stands = evidence.standing(number, about=about, scaled=False)
    scales = {scale for each in stands for figure in each for scale in figure.scales} - {1.0}
    if scales and number.scaled:
        return f"{number.raw}: the sources give it in {SCALES[min(scales)]}"
    return f"{number.raw} is not in the sources"


def _not_cited(
    number: Number,
    standing: Sequence[Sequence[Figure]],
    evidence: Evidence,
    cited: Collection[int],
) -> str:
    """It stands in a passage, but in none of those that the sentence cites."""
    if not cited or any(standing[at] for at in cited):
        return ""
    if number.unit == "%" and evidence.has_share(number, cited):
        return ""
    source = next(evidence.numbered[at] for at, each in enumerate(standing) if each)
    ones = "ones" if len(cited) > 1 else "one"
    return f"{number.raw} is in source {source}, not in the cited {ones}"


def _in_other_year(number: Number, said: str, standing: Sequence[Sequence[Figure]]) -> str:
    """It stands in tables alone, each time under another year than the sentence names."""
    asked = set(_years(said))
    found = [figure for each in standing for figure in each]
    if not asked or not found or _COMPARED.search(said):
        return ""
    if all(figure.years and not figure.years & asked for figure in found):
        return f"{number.raw} stands under {max(found[0].years)}"
    return ""


def _years(said: str) -> Iterator[int]:
    yield from (int(match[0]) for match in _YEAR.finditer(said))
    yield from periods.years(said)
    yield from numbers_dates.short_years(said)


def _is_worked_out(number: Number, known: Sequence[Number]) -> bool:
    """A sum, difference, quotient or change of two numbers of the same sentence, or a month's."""
    given = [each.values[0] for each in known if not each.is_year]
    for place, a in enumerate(given):
        for b in [*given[:place], *given[place + 1 :], *PARTS]:
            results = [a + b, abs(a - b)]
            if b:
                results += [100 * a / b, 100 * abs(a - b) / b] if number.unit == "%" else [a / b]
            if any(abs(number.values[0] - result) <= 0.51 * number.step for result in results):
                return True
    return False


def _is_sum_of_source(number: Number, said: str, evidence: Evidence) -> bool:
    """Exactly the sum or difference of two numbers that one sentence of the same matter has."""
    own = frozenset(words.terms(said))
    for unit in evidence.units if number.values[0] >= 10 else ():
        if len(own & unit.terms) < 2:
            continue
        theirs = [
            n for n in numbers_dates.numbers(unit.text) if n.unit == number.unit and not n.is_year
        ]
        if len({n.values[0] for n in theirs}) > 1:
            pairs = [(a.values[0], b.values[0]) for a in theirs for b in theirs if a is not b]
            if any(number.values[0] in {a + b, a - b} for a, b in pairs):
                return True
    return False
