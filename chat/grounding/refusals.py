"""Whether an answer says that the documents do not answer, in English or German."""

import re

_THINGS = r"passages?|documents?|sources?|texts?|context|excerpts?|files?|information provided"
_DINGE = r"passagen?|dokumente?n?|unterlagen|quellen?|texte?n?|textstellen?|auszüge?n?|kontext"
_SAYS = (
    r"say|state|mention|contain|provide|include|specify|give|answer|indicate|list|name|tell|have"
    r"|show|address|cover|describe|disclose|reveal|report|define|discuss|offer|explain|refer"
)
_REFUSALS = (
    rf"\b(?:{_THINGS})\b[^.!?\n]{{0,60}}\b(?:do|does|did)\s?(?:not|n't)\s(?:\w+ ){{0,2}}(?:{_SAYS})\b",
    rf"\b(?:none of the|no) (?:{_THINGS})\b",
    (
        r"\b(?:not|n't|never) (?:\w+ ){0,2}(?:mentioned|stated|specified|provided|found|disclosed"
        r"|available|indicated|addressed|answered|given in|contained in|listed in|named in|included in the"
        rf" (?:{_THINGS}))\b"
    ),
    r"\bno (?:\w+ ){0,2}(?:information|mention|details?|data|answer|indication)\b",
    (
        r"\b(?:cannot|can't|could not|couldn't|unable to|not able to|not possible to) (?:\w+ ){0,2}"
        r"(?:find|answer|determine|tell|say|provide|locate|answered|determined|found)\b"
    ),
    r"\b(?:i|we) (?:do not|don't) (?:know|have)\b",
    r"\bnothing (?:close enough|in (?:the|your)|about|is said)\b",
    rf"\b(?:{_DINGE})\b[^.!?\n]{{0,80}}\b(?:nicht|keine?n?|nichts)\b",
    r"\bkeine?n? (?:\w+ ){0,2}(?:angaben?|information(?:en)?|hinweise?|auskunft|antwort|daten)\b",
    (
        r"\bnicht (?:\w+ ){0,2}(?:erwähnt|genannt|gefunden|enthalten|angegeben|aufgeführt|ersichtlich"
        r"|hervor|beantwortet|beantworten|bekannt|bestimmen|feststellen)\b"
    ),
    r"\b(?:weiß|weiss) (?:ich |es |das ){0,2}nicht\b|\bkann (?:ich |\w+ ){0,3}nicht (?:sagen|finden)\b",
)
_REFUSAL = re.compile("|".join(_REFUSALS), re.IGNORECASE)


def refuses(text: str) -> bool:
    return _REFUSAL.search(text.replace("\u2019", "'").replace("n't", " not")) is not None
