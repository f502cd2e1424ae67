"""Servers are tried before they are set: do they answer, and what do they have?"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from localchat.lib.errors import EngineError
from models_mgmt.engines import ollama_models, openai, reranking

PATIENCE_SECONDS = 5.0  # of whoever waits for the page, with each server


class Trial(NamedTuple):
    """Of one server: the names of its models, or the sentence that says why it is of no use."""

    address: str
    models: list[str]
    problem: str = ""


def ollama(addresses: str) -> list[Trial]:
    """Of each of these, with commas between."""
    found = [each for each in addresses.split(",") if each]
    return [_tried(each, partial(ollama_models.put_to_trial, each)) for each in found]


def openai_server(base: str, key: str) -> Trial:
    return _tried(base, partial(openai.put_to_trial, base, key))


def reranker(base: str, key: str, model: str) -> Trial:
    return _tried(base, partial(reranking.put_to_trial, base, key, model))


def _tried(address: str, ask: Callable[[float], list[str]]) -> Trial:
    try:
        return Trial(address, ask(PATIENCE_SECONDS))
    except EngineError as error:
        return Trial(address, [], error.message)
