"""How well texts answer a question, by a model that reads both: any server with /v1/rerank.

As llama.cpp's server, vLLM and Infinity have it. There is none unless RERANK_MODEL names one.
"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.conf import settings

from localchat.lib.errors import EngineError, EngineStalled
from localchat.lib.sentences import Sentence
from models_mgmt.engines import wire

_pool = ThreadPoolExecutor(4, thread_name_prefix="rerank")


def configured() -> bool:
    return bool(settings.RERANK_MODEL and _base())


def model() -> str:
    return str(settings.RERANK_MODEL)


def relevance(question: str, texts: Sequence[str]) -> list[float | None]:
    """A score for each text, the higher the better; None for what the model left out.

    Raises EngineError and its subclasses; EngineStalled once RERANK_MS have passed.
    """
    body = {
        "model": settings.RERANK_MODEL,
        "query": question,
        "documents": list(texts),
        "top_n": len(texts),
    }
    seconds = settings.RERANK_MS / 1000
    # A server that dribbles keeps within every time limit of a socket.
    asked = _pool.submit(_ask, body, seconds)
    try:
        return _by_place(asked.result(seconds), len(texts))
    except (TimeoutError, EngineStalled) as error:
        asked.cancel()
        said = Sentence("The reranking model took longer than %(n)s ms.", n=settings.RERANK_MS)
        raise EngineStalled(said) from error


def _base() -> str:
    return settings.RERANK_BASE_URL or settings.OPENAI_BASE_URL


def _ask(body: Mapping[str, object], seconds: float) -> dict[str, object]:
    base = _base()
    # A key is for the server that it was given for.
    same = base == settings.OPENAI_BASE_URL
    key = settings.RERANK_API_KEY or (settings.OPENAI_API_KEY if same else "")
    return wire.ask(
        "POST", _url(base), body=body, key=key, model=str(body["model"]), seconds=seconds
    )


def _url(base: str) -> str:
    return f"{base}/rerank" if urlsplit(base).path else f"{base}/v1/rerank"


def put_to_trial(base: str, key: str, model: str, seconds: float) -> list[str]:
    """Have two words put in order by a server that is not set yet. Raises EngineError."""
    body = {"model": model, "query": "sea", "documents": ["water", "paper"], "top_n": 2}
    answer = wire.ask("POST", _url(base), body=body, key=key, model=model, seconds=seconds)
    _by_place(answer, 2)
    return [model]


def _by_place(answer: Mapping[str, object], count: int) -> list[float | None]:
    """The scores by `index`; their order in the answer says nothing more."""
    results = answer.get("results")
    if not isinstance(results, list) or not results:
        raise EngineError(Sentence("The reranking model sent no results."))
    scores: list[float | None] = [None] * count
    for result in results:
        place, score = _result(result)
        if not 0 <= place < count or scores[place] is not None:
            raise EngineError(
                Sentence("The reranking model sent results for texts that it was not given.")
            )
        scores[place] = score
    return scores


def _result(result: object) -> tuple[int, float]:
    found = result if isinstance(result, dict) else {}
    place, score = found.get("index"), found.get("relevance_score")
    if bool in {type(place), type(score)}:  # which Python takes for a number
        place = None
    if not isinstance(place, int) or not isinstance(score, int | float):
        raise EngineError(Sentence("The reranking model sent results in a form that is not known."))
    if not math.isfinite(score):
        raise EngineError(Sentence("The reranking model sent a score that is not finite."))
    return place, float(score)
