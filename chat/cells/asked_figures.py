"""Which standard figure or ratio a question asks for, of which periods, and how it is to be told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chat.cells import asked_verdicts, formulas, standard_terms
from chat.cells.asked_periods import asked_periods, without_periods
from chat.cells.asked_verdicts import YEAR_BEFORE, Verdict
from chat.cells.columns import Period
from chat.cells.formulas import Formula, Part
from chat.cells.standard_terms import Figure, Ratio
from chat.grounding import sentences
from documents.text import languages

CHANGE = re.compile(  # of a question that looks at two periods
    r"\b(?:chang|increas|decreas|declin|drop|grow|grew|fell|fall|ris[ei]|rose|improv|worse|expand"
    r"|compar|differ|consistent|fluctuat|gestiegen|gesunken|verändert)\w*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^.*?[,:]\s+(?=(?:what|how|which|did|do|does|is|are|was|were|has|have|can|wie|was|welche[rsn]?)\b)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")
_DEFINED = re.compile(
    r"(?:\bdefine )?(?P<name>[\w&%/ -]{2,60}?)(?: here)? (?:is |are )?(?:defined |calculated |computed )?as:?"
    r" (?P<formula>.+)",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(r"\b(?:define|defined as|calculated as|computed as)\b", re.IGNORECASE)
_AVERAGE = re.compile(r"\b(?:average|mean|durchschnitt\w*)\b", re.IGNORECASE)
_SHARE = re.compile(r"^(?P<a>.+?) as an? (?:percent(?:age)?|%|share|proportion) of (?P<b>.+)$")
_DECIMALS = re.compile(r"\b(one|two|three|four|1|2|3|4) decimal", re.IGNORECASE)
_PLACES = {"one": 1, "two": 2, "three": 3, "four": 4}
_SCALE = re.compile(
    r"\b(?:in|usd|us\$|eur|of)\s+(?:\w+\s+)?(thousand|million|billion)s?\b", re.IGNORECASE
)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


class Wanted(NamedTuple):
    name: str
    formula: Formula
    percent: bool
    also: Formula | None
    periods: Sequence[Period]  # none: all that there are
    manner: str  # value, average or compare
    verdict: Verdict
    decimals: int | None
    scale: float  # 0 where none is asked for
    definitions: Mapping[str, Formula]  # by plain name
    rest: Sequence[str]  # plain words of the question that have to name the document


def wanted(question: str) -> Wanted | None:
    """None where it is not one figure, or where the question says more than we understand."""
    said = sentences.split(question)
    main = " ".join(each for each in said if "?" in each) or question
    definitions = dict(_definitions(said))
    asked = _LEAD.sub("", main, count=1)
    target = _target(asked, definitions)
    if target is None:
        return None
    name, formula, percent, also, rest = target
    periods = asked_periods(main)
    manner = _manner(asked, periods, formula)
    if manner == "compare" and len(periods) == 1 and not periods[0].quarter:
        periods = [*periods, _year_before(periods[0])]
    decimals = _DECIMALS.search(question)
    scale = _SCALE.search(question)
    return Wanted(
        name,
        formula,
        percent,
        also,
        periods,
        manner,
        asked_verdicts.of_change(asked, name, periods),
        int(_PLACES.get(decimals[1].lower(), decimals[1])) if decimals else None,
        _SCALES[scale[1].lower()] if scale else 0.0,
        definitions,
        rest,
    )


def _definitions(said: Sequence[str]) -> Iterator[tuple[str, Formula]]:
    for sentence in said:
        if not _SAYS_SO.search(sentence):
            continue
        match = _DEFINED.search(sentence.strip().removesuffix("."))
        formula = formulas.formula(match["formula"].strip().removesuffix(".")) if match else None
        if match and formula:
            yield (
                standard_terms.plain(re.sub(r"^define ", "", match["name"], flags=re.IGNORECASE)),
                formula,
            )


def _target(
    asked: str, definitions: Mapping[str, Formula]
) -> tuple[str, Formula, bool, Formula | None, list[str]] | None:
    asked = YEAR_BEFORE.sub(" ", asked)
    bare = standard_terms.plain(without_periods(_BRACKETS.sub(" ", asked)))
    found = standard_terms.mentions(bare)
    named = {each.of.name: each.of for each in found}
    own = [
        name
        for name in definitions
        if re.search(rf"\b{re.escape(name)}\b", standard_terms.plain(asked))
    ]
    rest = _rest(bare, [(each.start, each.end) for each in found])
    ratios = [each for each in named.values() if isinstance(each, Ratio)]
    if len(named) == 1:
        return *_of_one(next(iter(named.values())), own, definitions), rest
    if len(ratios) == 1:
        made = _of_one(ratios[0], own, definitions)
        inside = {_name(part) for part in formulas.parts(made[1])}
        return (*made, rest) if set(named) - {ratios[0].name} <= inside else None
    return None


def _of_one(
    of: Figure | Ratio, own: Sequence[str], definitions: Mapping[str, Formula]
) -> tuple[str, Formula, bool, Formula | None]:
    if isinstance(of, Figure):
        return of.name, Part(of.name), False, None
    mine = {standard_terms.plain(each) for each in (of.name, *of.asked)}
    given = next((definitions[name] for name in own if name in mine), None)
    formula = given or formulas.formula(of.formula)
    also = formulas.formula(of.also) if of.also and not given else None
    assert formula is not None
    return of.name, formula, of.percent, also


def _name(part: Part) -> str:
    found = standard_terms.figure(part.phrase) or standard_terms.ratio(part.phrase)
    return found.name if found else part.phrase


def _rest(bare: str, mentioned: Sequence[tuple[int, int]]) -> list[str]:
    kept = list(bare)
    for start, end in mentioned:
        kept[start:end] = " " * (end - start)
    left = "".join(kept).split()
    known = standard_terms.listed("asking") | standard_terms.listed("plain")
    return [word for word in left if word not in known and not languages.is_stop_word(word)]


def _manner(asked: str, periods: Sequence[Period], formula: Formula) -> str:
    has_more = len(periods) != 1
    if len(periods) > 1 and _AVERAGE.search(asked):
        return "average"
    is_change = has_more or CHANGE.search(asked) or YEAR_BEFORE.search(asked)
    return "compare" if is_change else "value"


def _year_before(period: Period) -> Period:
    return period._replace(year=period.year - 1)
