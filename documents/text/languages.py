"""The languages that words are in, their stop words and their stems."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

import Stemmer

from documents.text.folding import unaccented

BEYOND_LATIN = "\u0370"  # the first character of other scripts
_SCRIPTS = {"ARABIC": "arabic", "CYRILLIC": "russian", "GREEK": "greek", "DEVANAGARI": "hindi"}


def spoken(tokens: Sequence[str]) -> str:
    """The language whose stop words stand most often among the tokens; English when none does.

    Of two that are even, the one that the list of stop words names first.
    """
    votes = Counter(chain.from_iterable(map(_votes, tokens)))
    return max(_stop_words(), key=votes.__getitem__)


def is_stop_word(word: str) -> bool:
    """Whether it is one in any language."""
    return bool(_votes(word))


def languages_of(word: str) -> Sequence[str]:
    """Those that have the folded word as a stop word."""
    return _languages().get(word, ())


@lru_cache(maxsize=50_000)
def _votes(token: str) -> Sequence[str]:
    """The languages that have it as a stop word."""
    return languages_of(unaccented(token.lower()))


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Empty for a stop word."""
    language = _script(word) or language
    folded = unaccented(word)
    if folded in _stop_words().get(language, ()):
        return ""
    # English has accents in foreign words alone; elsewhere they tell endings apart.
    return unaccented(_stemmer(language).stemWord(folded if language == "english" else word))


def _script(word: str) -> str:
    """The language that we stem a script other than the Latin one by."""
    if not word or word[0] < BEYOND_LATIN:
        return ""
    return _SCRIPTS.get(unicodedata.name(word[0], "").split(" ")[0], "")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    lines = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8").splitlines()
    lists = (line.split(":") for line in lines if not line.startswith("#"))
    return {name: frozenset(map(unaccented, words.split())) for name, words in lists}


@cache
def _languages() -> dict[str, list[str]]:
    """Each stop word's languages."""
    spoken_in: dict[str, list[str]] = defaultdict(list)
    for language, words in _stop_words().items():
        for word in words:
            spoken_in[word].append(language)
    return spoken_in
