"""Counting in the tokens of the built-in model. Loads its tokenizer: for workers, not for the web."""

from functools import cache, lru_cache

from tokenizers import Tokenizer

from models_mgmt.builtin import weights

LONGEST_KEPT = 40  # characters of a word whose count is remembered


@cache
def tokenizer() -> Tokenizer:
    """As the model was trained with, but the file's own cutting and padding to 128 switched off."""
    if not weights.present():
        raise weights.WeightsMissing()
    loaded: Tokenizer = Tokenizer.from_file(str(weights.folder() / "tokenizer.json"))
    loaded.no_truncation()
    loaded.no_padding()
    return loaded


def count(text: str) -> int:
    """Tokens of the text, without the two special ones: at most builtin.ROOM of them fit.

    Word by word, since no token goes across a blank, and most words have come before.
    """
    return sum(map(_of_word, text.replace("\n", " ").split(" ")))


def _of_word(word: str) -> int:
    return _kept(word) if len(word) <= LONGEST_KEPT else _kept.__wrapped__(word)


@lru_cache(maxsize=50_000)
def _kept(word: str) -> int:
    return len(tokenizer().encode(word, add_special_tokens=False))
