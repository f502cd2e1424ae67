"""Text that speaks to a language model, told from text that only speaks of one.

By rules, in the languages of `addressed_rules` and by the marks of chat templates; what is put in
other words is not seen. Each rule reads a passage once.
"""

import re
from collections.abc import Iterator
from functools import cache

from documents.text.addressed_rules import (
    DUTCH,
    ENGLISH,
    FRENCH,
    GERMAN,
    ITALIAN,
    PORTUGUESE,
    SPANISH,
    Orders,
)

NEAR = 100  # characters from what is to be done with a document to the order
QUOTED = 300  # characters within which a quotation begins and ends
TURN = 80  # characters behind a mark in which words have to come

# Without one of these there is no order. Long ones are looked for faster.
_STEMS: dict[str, tuple[Orders, ...]] = {
    "ignor": (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE),
    **dict.fromkeys(
        (
            "disregard",
            "forget ",
            "forget everything",
            "forget all",
            "language model",
            "summari",
            "asked to",
        ),
        (ENGLISH,),
    ),
    **dict.fromkeys(("you are a", "you're a", "you are now", "as an ai", "the user"), (ENGLISH,)),
    **dict.fromkeys(("these instruct", "prompt"), (ENGLISH,)),
    **dict.fromkeys(("missacht", "vergiss", "sprachmod", "zusammenf", "nutzer"), (GERMAN,)),
    **dict.fromkeys(("eine ki", "als ki"), (GERMAN,)),
    **dict.fromkeys(("oublie", "le de lang", "ssistant ia", "qu'ia", "utilisat"), (FRENCH,)),
    **dict.fromkeys(("olvid", "usuari"), (SPANISH,)),
    **dict.fromkeys(("dimentic", "linguistico", "riassum", "utent"), (ITALIAN,)),
    **dict.fromkeys(("vergeet", "negeer", "taalmod", "samenvat", "een ai", "als ai"), (DUTCH,)),
    "gebruiker": (DUTCH,),
    "-assist": (GERMAN, DUTCH),
    "ntelligen": (GERMAN, FRENCH, ITALIAN, DUTCH),
    "ntelig": (SPANISH, PORTUGUESE),
    "sistente ": (SPANISH, ITALIAN, PORTUGUESE),
    "elo de l": (SPANISH, PORTUGUESE),
    " ia": (FRENCH, SPANISH, ITALIAN, PORTUGUESE),
    "resumi": (SPANISH, PORTUGUESE),
}
_FORGETTING = {
    *("ignor", "disregard", "forget ", "missacht", "vergiss", "oublie", "olvid", "dimentic"),
    *("vergeet", "negeer", "esque", "desconsider"),
}
_WIDE_STEMS = {  # with letters of their language in the word, or in any order that has it
    **dict.fromkeys(("esque", "desconsider", "usu\u00e1ri"), (PORTUGUESE,)),
    "r\u00e9sum": (FRENCH,),
}
_ALL_STEMS = {**_STEMS, **_WIDE_STEMS}

_MARK = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|start_header_id|eot_id|begin_of_text|endoftext)\|>"
    r"|[\[(]INST[\])]|<<SYS>>|<start_of_turn>|### ?(?:Instruction|System) ?:"
)
_TURN = re.compile(r"\s*+(?:(?:system|user|assistant|model)\b\s*+)?(?:[^\s{}]{1,40}+\s++){2}\w")
_BEGINS = re.compile(r"(?:^|[.:!?>\]\n])\s{0,3}$")
_SYSTEM_PROMPT = re.compile(
    r"\b(?:reveal|print|repeat|output|show|display|ignore|disregard|leak|forget|echo|recite|gib|zeige"
    r"|wiederhole|verrate|affiche|affichez|r\u00e9v\u00e8le|r\u00e9v\u00e9lez|r\u00e9p\u00e8te|muestra|revela|repite|mostra"
    r"|rivela|ripeti|toon|onthul|herhaal|mostre|revele|repita) "
    r"(?:(?:me|us|all|of|the|your|its|entire|full|whole|mir|deinen?|den|ihren?|ton|ta|votre|le|tu|el|il|tuo"
    r"|je|de|seu|o|teu|this|any|previous) )*+"
    r"(?:system[ -]?prompts?|prompt (?:syst\u00e8me|del sistema|de sistema|do sistema|di sistema))\b"
    r"|(?:^|[.!?>\]*#] ?)(?:(?:new|your|updated|the) )?system prompt ?:"
)
# After an order's first words, and nothing else: "ignore the above."
_ENDS = r"(?=[.,;:!]|$| (?:and|instead|und|et|y|e|en)\b)"
# Behind "you are a language model": not "you are an AI company".
_WHOLE = (
    r"(?=\W?(?:[.,;:!?)]|$)| (?:that|who|and|designed|trained|built|created|made|tasked|reading|processing"
    r"|with|whose|for|from|in|by|now|die|der|das|und|qui|et|que|y|che|e|dat|en)\b)"
)
_BEFORE = re.compile(r"(\w+(?:'t)?)[ \"'*_(]*$")
# "to ignore all previous instructions", "attackers ignore …": said of somebody.
_OF_SOMEBODY = {
    *(
        "to",
        "may",
        "can",
        "cannot",
        "can't",
        "could",
        "would",
        "might",
        "not",
        "never",
        "don't",
        "who",
    ),
    *(
        "that",
        "which",
        "they",
        "we",
        "i",
        "he",
        "she",
        "it",
        "models",
        "users",
        "attackers",
        "people",
    ),
}
_GOES_ON = {
    *(
        "bitte",
        "und",
        "jetzt",
        "nun",
        "et",
        "puis",
        "maintenant",
        "pla\u00eet",
        "por",
        "favor",
        "y",
    ),
    *("ahora", "e", "ora", "adesso", "favore", "piacere", "en", "nu", "alsjeblieft", "agora"),
}
_QUOTES = ('"', "`", "\u201c\u201d", "\u201e\u201c", "\u00ab\u00bb", "\u2018\u2019")


def speaks_to_models(text: str, *, bare: bool = False) -> bool:
    """Whether it gives a language model orders, or says to it what it is.

    `bare`: it needs no care for what is only quoted, since nobody quotes where none can read it.
    """
    if ("<" in text or "#" in text or "INST" in text) and _has_mark(text, bare):
        return True
    low = text.lower().replace("\u2019", "'")
    stems = _STEMS if low.isascii() else _ALL_STEMS
    found = [stem for stem in stems if stem in low]
    if not found:
        return False
    plain = " ".join(low.split())
    asked = dict.fromkeys((stem in _FORGETTING, each) for stem in found for each in stems[stem])
    if any((_is_forgetting if forgets else _is_said)(each, plain, bare) for forgets, each in asked):
        return True
    return "prompt" in found and _is_ordered(ENGLISH, _SYSTEM_PROMPT, plain, bare)


def _has_mark(text: str, bare: bool) -> bool:
    return any(bare or _begins_turn(text, mark) for mark in _MARK.finditer(text))


def _begins_turn(text: str, mark: re.Match[str]) -> bool:
    """Not where it is told of, and not in a template that is to be filled in."""
    behind = text[mark.end() : mark.end() + TURN]
    return bool(
        _BEGINS.search(text[max(mark.start() - 4, 0) : mark.start()])
        and _TURN.match(behind)
        and "{" not in behind
        and not _is_quoted(text, mark)
    )


def _is_forgetting(orders: Orders, plain: str, bare: bool) -> bool:
    return _is_ordered(orders, _forgets(orders), plain, bare)


def _is_ordered(orders: Orders, pattern: re.Pattern[str], plain: str, bare: bool) -> bool:
    found = pattern.finditer(plain)
    return any(bare or not (_is_told(orders, plain, e) or _is_quoted(plain, e)) for e in found)


def _is_said(orders: Orders, plain: str, bare: bool) -> bool:
    return any(bare or not _is_quoted(plain, each) for each in _orders_of(orders, plain))


def _orders_of(orders: Orders, plain: str) -> Iterator[re.Match[str]]:
    yield from _names(orders).finditer(plain)
    when, say = _uses(orders)
    for each in when.finditer(plain):
        order = say.search(plain, each.end(), each.end() + NEAR)
        if order and not re.search(r"[.!?] ", plain[each.end() : order.start()]):
            yield each


@cache
def _forgets(orders: Orders) -> re.Pattern[str]:
    fill = f"(?:(?:{orders.fill}) )*+"
    return re.compile(
        rf"\b(?:{orders.forget}) {fill}(?:(?:{orders.former})(?: {fill}(?:{orders.rules})\b|{_ENDS})"
        rf"|(?:{orders.rules}) {fill}(?:{orders.former})\b)"
    )


@cache
def _names(orders: Orders) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:(?:{orders.you_are}) (?:{orders.model}){_WHOLE}"
        rf"|(?:{orders.as_model})\b,? (?:{orders.must})\b|{orders.alone})"
    )


@cache
def _uses(orders: Orders) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rf"\b(?:{orders.when})\b"), re.compile(rf"\b(?:{orders.say})\b")


def _is_told(orders: Orders, plain: str, found: re.Match[str]) -> bool:
    """Whether it has a subject before it, and is no order."""
    before = _BEFORE.search(plain[max(found.start() - 30, 0) : found.start()])
    if before is None:
        return False
    return before[1] in _OF_SOMEBODY if orders is ENGLISH else before[1] not in _GOES_ON


def _is_quoted(text: str, found: re.Match[str]) -> bool:
    before = text[max(found.start() - QUOTED, 0) : found.start()]
    behind = text[found.end() : found.end() + QUOTED]
    return any(_is_between(before, behind, each[0], each[-1]) for each in _QUOTES)


def _is_between(before: str, behind: str, opening: str, closing: str) -> bool:
    if closing not in behind:
        return False
    if opening == closing:
        return before.count(opening) % 2 == 1
    return before.rfind(opening) > before.rfind(closing)
