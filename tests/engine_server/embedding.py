"""/api/embed: hashed bags of words at unit length, so that ranking has to be earned."""

import hashlib
import math
import re
from functools import lru_cache

from tests.engine_server.plumbing import Exchange, Refused, Route
from tests.engine_server.stock import Installed, keep_alive_seconds

NOT_FINITE = "⟦nan⟧"  # a text with this makes the runner fail


def vector(text: str, dimension: int) -> list[float]:
    """Texts with words in common are near each other; without words, one fixed direction."""
    values = [0.0] * dimension
    for word in re.findall(r"\w+", text.lower()):
        for place, sign in _places(word, dimension):
            values[place] += sign
    length = math.hypot(*values)
    if not length:
        values[0] = length = 1.0
    return [value / length for value in values]


@lru_cache(maxsize=50_000)
def _places(word: str, dimension: int) -> tuple[tuple[int, float], ...]:
    raw = hashlib.sha256(word.encode()).digest()
    weight = 0.2 if len(word) < 4 else 1.0
    return tuple(
        (
            int.from_bytes(raw[start : start + 4], "little") % dimension,
            weight * (1 - 2 * (raw[start] & 1)),
        )
        for start in (0, 5, 10)
    )


def _embed(exchange: Exchange) -> None:
    body, wish = exchange.body, exchange.engine.embeds
    model = _model(exchange)
    texts = texts_of(body.get("input"))
    exchange.engine.stock.load(model, model.window, keep_alive_seconds(body.get("keep_alive")))
    exchange.wait(wish.delay * len(texts))
    if wish.status != 200:
        raise Refused(wish.status, wish.error)
    vectors = [vector_of(model, text, body) for text in texts]
    exchange.json(
        200,
        {
            "model": body["model"],
            "embeddings": _spoilt(vectors, wish.wrong),
            "total_duration": 14_000_000,
            "load_duration": 1_000_000,
            "prompt_eval_count": sum(len(text.split()) for text in texts),
        },
    )


def _model(exchange: Exchange) -> Installed:
    name = exchange.body.get("model") or ""
    if model := exchange.engine.stock.find(name):
        return model
    raise Refused(404, f'model "{name}" not found, try pulling it first')


def texts_of(given: object) -> list[str]:
    if given in ("", [], None):
        return []
    if isinstance(given, str):
        return [given]
    if isinstance(given, list) and all(isinstance(text, str) for text in given):
        return given
    raise Refused(400, "invalid input type")


def vector_of(model: Installed, text: str, body: dict) -> list[float]:
    if NOT_FINITE in text:
        raise Refused(400, "embedding contains NaN or Inf values")
    words = text.split()
    if len(words) > model.window and not body.get("truncate", True):
        raise Refused(400, "the input length exceeds the context length")
    made = vector(" ".join(words[: model.window]), model.dimension)
    if (asked := body.get("dimensions") or 0) and asked < model.dimension:
        length = math.hypot(*made[:asked]) or 1.0
        return [value / length for value in made[:asked]]
    return made


def _spoilt(vectors: list[list[float]], wrong: str) -> list:
    if wrong == "short":
        return vectors[:-1]
    if wrong == "nan":
        return [[math.nan, *one[1:]] for one in vectors]
    if wrong == "zero":
        return [[0.0] * len(one) for one in vectors]
    if wrong == "dimension":
        return [one[: len(one) - number] for number, one in enumerate(vectors)]
    if wrong == "words":
        return [["a", *one[1:]] for one in vectors]
    return vectors


def _legacy(exchange: Exchange) -> None:
    """/api/embeddings: one text, not at unit length."""
    model = named_or_required(exchange)
    prompt = exchange.body.get("prompt") or ""
    made = [value * 7 for value in vector(prompt, model.dimension)] if prompt else []
    exchange.json(200, {"embedding": made})


def named_or_required(exchange: Exchange) -> Installed:
    if not exchange.body.get("model"):
        raise Refused(400, "model is required")
    return _model(exchange)


ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/api/embed"): _embed,
    ("POST", "/api/embeddings"): _legacy,
}
