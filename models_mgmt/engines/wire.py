"""HTTP to engines: only to the address asked for, and every failure in words.

No proxy, no netrc and no redirect: what a person writes goes to the configured server alone.
"""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from urllib.parse import urlsplit

import aiohttp
import requests
from django.conf import settings
from pydantic_core import from_json

from localchat.lib.errors import (
    EngineBusy,
    EngineCut,
    EngineError,
    EngineStalled,
    EngineUnreachable,
    ModelDied,
    ModelMissing,
    PromptTooLong,
)
from localchat.lib.sentences import Sentence
from models_mgmt.engines import rhythm

CONNECT_SECONDS = 5.0
ASK_SECONDS = 15.0  # for what an engine knows by heart
PROMPT = b'"prompt_progress"'  # of llama.cpp
LINE_BYTES = 8_000_000
TOO_LONG = (
    "input length exceeds",
    "prompt is longer than",
    "exceeds the context",
    "exceed the context",
    "exceed_context_size",
    "exceeds the available context",
    "context_length_exceeded",
    "maximum context length",
    "too large to process",  # llama.cpp, of a text that is longer than its batch
)

# As Ollama tells that the process in which it runs a model is gone.
_DIED = re.compile(
    r"\brunner\b|encountered while running the model|llama-server process (?:has term|no longer)"
    r"|error reading llama-server|\bEOF$|connection re(?:set|fused)|forcibly closed"
)
# As llama.cpp and vLLM say it.
_SENT = re.compile(r"request \((\d+) tokens\)|\((\d+) in the messages")
_WINDOW = re.compile(r"context size \((\d+) tokens\)|maximum context length is (\d+)")


def ask(
    method: str,
    url: str,
    *,
    body: Mapping[str, object] | None = None,
    key: str = "",
    model: str = "",
    seconds: float = ASK_SECONDS,
) -> dict[str, object]:
    """The JSON object that the engine answers; {} for an empty body."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method,
                url,
                json=body,
                headers=_headers(key),
                timeout=(CONNECT_SECONDS, seconds),
                allow_redirects=False,
            )
    except requests.ReadTimeout as error:
        raise EngineStalled(
            Sentence("The engine at %(url)s did not answer in time.", url=url)
        ) from error
    except (requests.ConnectionError, requests.RequestException) as error:
        raise _broken(url, error) from error
    if answer.status_code != 200:
        raise refusal(answer.status_code, answer.content, url, model)
    # Vectors are read five times as quick as by `json`.
    return parsed(answer.content, from_json) if answer.content.strip() else {}


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def _broken(url: str, error: Exception) -> EngineError:
    """Refused or cut: urllib3 wraps a connection that never came to be in another class."""
    words = repr(error)
    if "NewConnectionError" in words or "ConnectTimeout" in words or "NameResolution" in words:
        return unreachable(url)
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return EngineCut(
            Sentence("The engine at %(url)s broke off before it had answered.", url=url)
        )
    return unreachable(url)


def unreachable(url: str) -> EngineUnreachable:
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}"
    return EngineUnreachable(
        Sentence("The model engine at %(address)s does not answer. Is it running?", address=address)
    )


def parsed(line: bytes, read: Callable[[bytes], object] = json.loads) -> dict[str, object]:
    try:
        value = read(line)
    except ValueError as error:
        raise EngineError(Sentence("The engine sent something that is not JSON.")) from error
    if not isinstance(value, dict):
        raise EngineError(Sentence("The engine sent JSON that is not an object."))
    return value


def inner(value: Mapping[str, object], field: str) -> dict[str, object]:
    """An object within an object; {} where there is none."""
    found = value.get(field)
    return found if isinstance(found, dict) else {}


def number(value: Mapping[str, object], field: str) -> int:
    """Without what stands behind the point; 0 where there is none."""
    found = value.get(field)
    return int(found) if isinstance(found, int | float) else 0


def refusal(status: int, body: bytes, url: str, model: str) -> EngineError:
    """What an answer other than 200 means."""
    said = complaint(body)
    if 300 <= status < 400:
        return EngineError(
            Sentence("The engine at %(url)s redirects elsewhere, which is not followed.", url=url)
        )
    if status == 404:
        return _missing(said, url, model)
    if status in {429, 503} and not any(words in said for words in TOO_LONG):
        return EngineBusy()
    if status in {401, 403}:
        return EngineError(
            Sentence(
                "The engine at %(url)s refuses us (status %(status)s).", url=url, status=status
            )
        )
    return failed(said or f"status {status}")


def failed(said: str) -> EngineError:
    """What an engine's own words for a failure mean."""
    if any(words in said for words in TOO_LONG):
        return too_long(said)
    kind = ModelDied if _DIED.search(said) else EngineError
    return kind(Sentence("The engine says: %(said)s", said=" ".join(said.split())[:300]))


def too_long(said: str) -> PromptTooLong:
    """With the tokens that were sent and those of the window, where they are in the sentence."""
    sent, window = _SENT.search(said), _WINDOW.search(said)
    return PromptTooLong(
        sent=int(sent[1] or sent[2]) if sent else 0,
        window=int(window[1] or window[2]) if window else 0,
    )


def _missing(said: str, url: str, model: str) -> EngineError:
    if not model or "page not found" in said:
        return EngineError(Sentence("There is no such service at %(url)s.", url=url))
    return ModelMissing(Sentence("The model “%(model)s” is not installed.", model=model))


def complaint(body: bytes) -> str:
    """The text of {"error": text}, {"error": {"message": text}} or a plain body; one short line."""
    try:
        value = json.loads(body)
        error = value["error"]
        text = error if isinstance(error, str) else error["message"]
    except (ValueError, KeyError, TypeError):
        text = body.decode("utf-8", "replace")
    return " ".join(str(text).split())[:300]


@asynccontextmanager
async def stream(
    url: str, body: Mapping[str, object], *, key: str = "", model: str = ""
) -> AsyncIterator[AsyncGenerator[list[bytes], None]]:
    """Post, and give the lines of the answer, those together that came together.

    Leaving the context closes the connection.
    """
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=_tls(url[:5] == "https")),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
    ) as client:
        asked = client.post(url, json=body, headers=_headers(key), allow_redirects=False)
        try:
            async with asyncio.timeout(settings.FIRST_BYTE_SECONDS):
                response = await asked
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise unreachable(url) from error
        except TimeoutError as error:
            raise EngineStalled(Sentence("The engine did not begin to answer.")) from error
        except aiohttp.ClientError as error:
            raise EngineCut() from error
        try:
            if response.status != 200:
                raise refusal(response.status, await _body(response), url, model)
            with rhythm.reading():
                yield _lines(response)
        finally:
            response.close()


@cache
def _tls(encrypted: bool) -> ssl.SSLContext:
    # To read all root certificates takes 20 ms, which plain http need not wait for.
    return ssl.create_default_context() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in _chunks(response):
        body += chunk
        if len(body) > 65_536:
            break
    return body


async def _lines(response: aiohttp.ClientResponse) -> AsyncGenerator[list[bytes], None]:
    rest = b""
    async for chunk in _chunks(response):
        *lines, rest = (rest + chunk).split(b"\n")
        if found := [line for line in map(bytes.strip, lines) if line]:
            yield found
        if len(rest) > LINE_BYTES:
            raise EngineError(Sentence("The engine sent a line without an end."))
        await rhythm.pause()
    if rest := rest.strip():
        yield [rest]


async def _chunks(response: aiohttp.ClientResponse) -> AsyncGenerator[bytes, None]:
    """All that has come by each read. Never yields inside the timeout, which would then cancel the reader."""
    seconds: float = settings.FIRST_BYTE_SECONDS
    while True:
        try:
            async with asyncio.timeout(seconds):
                chunk = await response.content.readany()
        except TimeoutError as error:
            raise EngineStalled() from error
        except aiohttp.ClientError as error:
            raise EngineCut() from error
        if not chunk:
            return
        # Who only tells how far it has read may be at the next part of the prompt for long.
        seconds = settings.FIRST_BYTE_SECONDS if PROMPT in chunk else settings.IDLE_SECONDS
        yield chunk
