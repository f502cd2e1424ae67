"""Counting in the tokens of the built-in model. Loads its tokenizer: for workers, not for the web."""

from functools import cache

from tokenizers import Tokenizer

from models_mgmt.builtin import weights


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
    """Tokens of the text, without the two special ones: at most builtin.ROOM of them fit."""
    return len(tokenizer().encode(text, add_special_tokens=False).ids)
