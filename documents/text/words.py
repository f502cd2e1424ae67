"""Text into the terms by which it is found. The same road for what is stored and what is asked."""

import re
import struct
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise, repeat
from typing import NamedTuple

from documents.text import notations
from documents.text.folding import unaccented
from documents.text.languages import BEYOND_LATIN, languages_of, spoken, stem
from documents.text.notations import Notation

LONGEST_TERM = 80  # characters
LAST_POSITION = 16_383  # of a tsvector
MOST_POSITIONS = 255  # of one term in a tsvector
GRAM = "~"  # before a run of characters within a word; no other term begins so
GRAM_LENGTH = 4

# Written without blanks between words: found by pairs of neighbouring characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_LETTER = r"[\w\u0300-\u036f\u0900-\u0963\u0966-\u0dff]"  # with marks that belong to letters
_TOKEN = re.compile(
    rf"{_LETTER}+(?:(?:[-&]|(?<=\d)[.,](?=\d)|(?<=\b\w)\.(?=\w\b)){_LETTER}+)*"
    rf"(?:\+\+|#(?!{_LETTER}))?"
)
_PLAIN = re.compile(r"[A-Z]?[a-z]+")
_PIECE = re.compile(rf"(?:(?!_){_LETTER})+")
_HUMP = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_SEAM = re.compile(r"-|(?<!\d)\.")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Three digits in a row with letters, or five; but no year, period, ordinal or unit of measure.
_IDENTIFIER = re.compile(
    r"(?!(?:[FC]Y|GJ|[QH][1-4])?-?\d{2,4}(?:s|st|nd|rd|th|[AE])?$|\d+[^\W\d]+$)"
    r"(?=.*\d{3})(?=.*[^\W\d_]|\d{5,}$)[\w.,&-]+$",
    re.IGNORECASE,
)
_TELLING = re.compile(r"(?:\D*\d){4}|[\d.]+\.\d+\.|\d+\(")  # more than 3.4
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2212], "-")
_QUOTES = dict.fromkeys([0x2018, 0x2019, 0x201A], "'")
_DIGITS = {zero + n: str(n) for zero in (0x660, 0x6F0, 0x966) for n in range(10)}
_CLEANED = {**_INVISIBLE, **_DASHES, **_DIGITS}


class Words(NamedTuple):
    places: Mapping[str, Sequence[int]]  # of each term, ascending, from 1
    length: int  # terms, repeated ones too, without grams

    @property
    def distinct(self) -> frozenset[str]:
        return frozenset(self.places)

    @property
    def vector(self) -> str:
        """As a tsvector literal."""
        return " ".join(
            f"{quoted(term)}:{at[0] if len(at) == 1 else ','.join(map(str, at[:MOST_POSITIONS]))}"
            for term, at in sorted(self.places.items())
        )

    @property
    def packed(self) -> bytes:
        """As a tsvector in PostgreSQL's binary form."""
        parts = [len(self.places).to_bytes(4, "big")]
        for term in sorted(self.places):
            at = self.places[term]
            if len(at) == 1:  # most
                parts.append(b"%b\0\0\1%b" % (term.encode(), at[0].to_bytes(2, "big")))
            else:
                kept = at[:MOST_POSITIONS]
                parts += (term.encode(), struct.pack(f"!x{len(kept) + 1}H", len(kept), *kept))
        return b"".join(parts)


def vectorise(text: str) -> Words:
    """What PostgreSQL stores of the text. The places of a term are its occurrences."""
    text = _cleaned(text)
    tokens = _tokens_of(text)
    language = spoken(tokens)
    found = _terms(tokens, language)
    every = [*found, *_beside(text, found), *_all_grams(tokens, language)][:LAST_POSITION]
    return Words(_places(every), len(found))


def _places(found: Sequence[str]) -> dict[str, Sequence[int]]:
    """Most terms stand in a passage once: a list is made for the others alone."""
    places: dict[str, Sequence[int]] = dict(zip(found, _alone(), strict=False))
    if len(places) == len(found):
        return places
    repeated: dict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(found, start=1):
        if term in repeated or places[term][0] != place:
            repeated[term].append(place)
    return places | repeated


@cache
def _alone() -> list[tuple[int]]:
    return [(place,) for place in range(1, LAST_POSITION + 1)]


@lru_cache(maxsize=50_000)
def quoted(term: str) -> str:
    """As a lexeme in the text form of a tsvector or tsquery."""
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def query(text: str) -> list[str]:
    """The distinct terms of a question, in their order."""
    return list(dict.fromkeys(terms(text)))


def terms(text: str) -> list[str]:
    """Folded stems without stop words; identifiers and numbers whole, then their parts.

    Then the forms of dates, amounts and the like that no term is as it is written.
    """
    text = _cleaned(text)
    tokens = _tokens_of(text)
    found = _terms(tokens, spoken(tokens))
    return [*found, *_beside(text, found)]


def notated(text: str) -> dict[Notation, list[str]]:
    """What of a text is written in many ways, each with its terms as it is written."""
    text = _cleaned(text)
    language = spoken(_tokens_of(text))
    return {
        each: _terms(_tokens_of(text[each.start : each.end]), language)
        for each in notations.find(text)
    }


def exact(text: str) -> list[tuple[str, ...]]:
    """Of each date, amount, number and identifier the forms that it may have; not of 3.4."""
    text = _cleaned(text)
    notated = [each.forms for each in notations.find(text) if _TELLING.match(each.forms[0])]
    known = {form for forms in notated for form in forms}
    tokens = _tokens_of(text)
    language = spoken(tokens)
    wholes = (_of_token(each, language)[:1] for each in tokens if _IDENTIFIER.match(each))
    return [*notated, *(whole for whole in wholes if known.isdisjoint(whole))]


def _beside(text: str, written: Sequence[str]) -> Iterator[str]:
    known = frozenset(written)
    for notation in notations.find(text):
        yield from (form for form in notation.forms if form not in known)


def _terms(tokens: Sequence[str], language: str) -> list[str]:
    return list(chain.from_iterable(map(_of_token, tokens, repeat(language))))


def written(term: str, text: str) -> str:
    """The first word of the text that the term was made of; the term where there is none."""
    return next(iter(forms(term, text)), term)


def forms(term: str, text: str) -> list[str]:
    """All words of the text that the term was made of, repeated ones too."""
    tokens = _tokens(text)
    language = spoken(tokens)
    return [token for token in tokens if term in _of_token(token, language)]


def phrase(text: str, within: str) -> list[str]:
    """The terms of a part of a question, repeated ones too, in the question's language."""
    return _terms(_tokens(text), spoken(_tokens(within)))


def plain(text: str) -> str:
    """For comparing letter by letter: case, breaks and kinds of dashes and quotes aside."""
    text = unicodedata.normalize("NFKC", text).translate(_CLEANED).translate(_QUOTES)
    return " ".join(text.casefold().split())


def grams(text: str) -> list[str]:
    """Runs of characters of the words that stems alone serve badly.

    In languages that write words together or change them inside, so all but English.
    """
    tokens = _tokens(text)
    return _all_grams(tokens, spoken(tokens))


def _all_grams(tokens: Sequence[str], language: str) -> list[str]:
    english = language == "english"
    return [
        gram
        for token in tokens
        if not ((english and token[0] < BEYOND_LATIN) or _UNSPACED_RUN.fullmatch(token))
        for gram in _grams(token)
    ]


def joined(text: str) -> list[str]:
    """Each two neighbouring words as one: so may a name be written."""
    tokens = [unaccented(token.lower()) for token in _tokens(text)]
    return [(first + second)[:LONGEST_TERM] for first, second in pairwise(tokens)]


def language(text: str) -> str:
    """The language of a question; of one in another script than the Latin one, that script."""
    tokens = _tokens(text)
    beyond = sum(token[0] >= BEYOND_LATIN for token in tokens)
    return "other" if 2 * beyond > len(tokens) else spoken(tokens)


def _tokens(text: str) -> list[str]:
    return _tokens_of(_cleaned(text))


def _cleaned(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_CLEANED)


def _tokens_of(text: str) -> list[str]:
    return _TOKEN.findall(text if text.isascii() else _UNSPACED_RUN.sub(r" \g<0> ", text))


@lru_cache(maxsize=50_000)
def _of_token(token: str, language: str) -> tuple[str, ...]:
    """Kept, since a few words make up most of any text."""
    if _PLAIN.fullmatch(token):  # most, which need not be looked at from all sides
        stemmed = stem(token.lower(), language)
        return (stemmed[:LONGEST_TERM],) if stemmed else ()
    return tuple(term[:LONGEST_TERM] for term in _made_of(token, language))


def _made_of(token: str, language: str) -> Iterator[str]:
    if _UNSPACED_RUN.fullmatch(token):
        yield from (token[at : at + 2] for at in range(max(len(token) - 1, 1)))
    elif _NUMBER.fullmatch(token):
        yield _number(token)
    elif len(parts := _parts(token)) > 1:
        yield unaccented(_SEAM.sub("", token.strip("_")).lower())
        yield from _stems([part for part in parts if len(part) > 1 or part.isdigit()], language)
    else:
        yield from _stems([token.strip("_")], language)


@lru_cache(maxsize=50_000)
def _grams(token: str) -> Sequence[str]:
    word = unaccented(token.lower())
    if languages_of(word) or _NUMBER.fullmatch(word):
        return ()
    padded = f"_{word}_"[:LONGEST_TERM]
    last = max(len(padded) - GRAM_LENGTH, 0)
    return [f"{GRAM}{padded[at : at + GRAM_LENGTH]}" for at in range(last + 1)]


def _parts(token: str) -> list[str]:
    """num_ctx, FY2018 and DiffExecutor have two each."""
    pieces = _PIECE.findall(token)
    return [
        part for piece in pieces for part in (_HUMP.findall(piece) if piece.isascii() else [piece])
    ]


def _number(token: str) -> str:
    """1,577 and 1577 are the same; other commas are decimal ones."""
    return token.replace(",", "" if _GROUPED.fullmatch(token) else ".")


def _stems(tokens: Sequence[str], language: str) -> Iterator[str]:
    yield from filter(None, (stem(token.lower(), language) for token in tokens))
