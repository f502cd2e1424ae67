"""What a question for yes or no, or for one of two, wants to know of figures; and whether that is all."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from chat.cells.columns import Period
from chat.grounding import sentences

YEAR_BEFORE = re.compile(
    r"\b(?:(?:in |im |in the |the |to the |zum )?(?:(?:prior|previous|preceding) (?:fiscal |financial )?year(?: period)?"
    r"|year (?:before|earlier)|vorjahr\w*))\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:did|do|does|has|have|had|is|are|was|were"
    r"|ist|sind|war|waren|hat|haben|hatte|hatten|lag|lagen|stieg|stiegen|sank|sanken|fiel|fielen)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|nicht|kein\w*|or|oder)\b|n't\b", re.IGNORECASE)
_OR = re.compile(r"\b(?:or|oder)\b", re.IGNORECASE)
_UP = re.compile(
    r"\b(?:increas|ris[ei]|rose|grow|grew|expand|stieg|gestiegen|gewachsen|wuchs|erhöht)\w*"
    r"|\b(?:go|went|gone) up\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:decreas|declin|drop|fall|fell|shrink|shrank|sank|gesunken|gefallen|fiel|verringert)\w*"
    r"|\b(?:go|went|gone) down\b",
    re.IGNORECASE,
)
_BETTER = re.compile(r"\b(?:improv|verbesser)\w*", re.IGNORECASE)
_WORSE = re.compile(r"\b(?:worse|deteriorat|verschlechter)\w*", re.IGNORECASE)
_GOOD = re.compile(
    r"\b(?:margin|turnover|revenue|profit|net income|cash flow)\b"
)  # the more the better
_MORE = re.compile(
    r"\b(?:higher|highest|larger|largest|greater|greatest|bigger|biggest|more|exceed\w*|höher\w*|größer\w*|mehr)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:lower|lowest|smaller|smallest|less|fewer|niedriger\w*|geringer\w*|kleiner\w*|weniger)\b",
    re.IGNORECASE,
)
_THAN = re.compile(r"\b(?:than|als|exceed\w*)\b", re.IGNORECASE)
_WHICH = re.compile(r"\b(?:which|what|welche[mrns]?)\b", re.IGNORECASE)
# Asks for more than the direction.
_MEASURED = re.compile(
    r"\bby (?:more|less|at|over|under|around|about|\d)|\b(?:at least|at most|mindestens|höchstens|every|each|jede[snm]?"
    r"|always|immer|consistent\w*|steadil\w*|significant\w*|faster|slower|schneller|langsamer|twice|doubled?|half"
    r"|halved|um \d)\b|\d\s?%",
    re.IGNORECASE,
)
_ASKS_WHY = re.compile(
    r"\b(?:why|how come|explain\w*|explanation|reasons?|drivers?|drove|driven|caus\w*|because|due to|if so|if not"
    r"|if yes|if no|describe|comment|discuss|elaborate|detail\w*|warum|wieso|weshalb|grund|gründe|erklär\w*|wenn ja|wenn nicht"
    r"|falls)\b"
    r"|\b(?:and|und)\s+(?:what|how(?! much)|which|who|when|where|did|was|is|wie(?! viel)|wer|wann|wo|welche\w*)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?:please )?(?:answer|give|round|report|respond|reply|use|bitte|antworte\w*|runde\w*)\b"
    r"|.*\b(?:defined? |calculated |computed )",
    re.IGNORECASE,
)


class Verdict(NamedTuple):
    """What is asked of two figures; nothing where all is None."""

    upwards: bool | None = None  # whether it asks for yes on a rise
    direction: bool = False  # whether it fell or rose
    larger: bool | None = None  # which of the two is the larger one, or the smaller

    @property
    def is_asked(self) -> bool:
        return self.direction or self.upwards is not None or self.larger is not None


def of_change(asked: str, name: str, periods: Sequence[Period]) -> Verdict:
    """Of one figure, in two periods."""
    if _MEASURED.search(asked):
        return Verdict()
    is_good = _GOOD.search(name) is not None
    up = _UP.search(asked) is not None or (is_good and _BETTER.search(asked) is not None)
    down = _DOWN.search(asked) is not None or (is_good and _WORSE.search(asked) is not None)
    if up and down:
        return Verdict(direction=bool(_OR.search(asked) and _YES_NO.match(asked)))
    than = of_two(asked)
    if not (up or down):
        return _between(than, periods)
    if than.is_asked or not _YES_NO.match(asked) or _NOT.search(asked):
        return Verdict()
    return Verdict(upwards=up)


def _between(than: Verdict, periods: Sequence[Period]) -> Verdict:
    """“Higher in 2021 than in 2020” asks for a rise, the other way round for a fall."""
    if than.upwards is None or len(periods) != 2:
        return than if len(periods) != 1 or than.larger is None else Verdict()
    later_first = periods[0] > periods[1]
    return Verdict(upwards=than.upwards is later_first)


def of_two(asked: str) -> Verdict:
    """Of two figures in the order in which they are named: whether the first is above the other."""
    more, less = _MORE.search(asked) is not None, _LESS.search(asked) is not None
    if more is less:
        return Verdict()
    if _OR.search(asked):
        return Verdict(larger=more)
    if _YES_NO.match(asked) and _THAN.search(asked) and not _NOT.search(asked):
        return Verdict(upwards=more)
    return Verdict(larger=more) if _WHICH.match(asked) and not _THAN.search(asked) else Verdict()


def is_all(question: str) -> bool:
    """Whether nothing else is asked, no reason and no second question."""
    said = [each.strip() for each in sentences.split(question) if each.strip()]
    main = [each for each in said if "?" in each] or said[:1]
    others = [each for each in said if each not in main]
    return (
        len(main) == 1
        and _ASKS_WHY.search(question) is None
        and all(_FORM.match(each) for each in others)
    )
