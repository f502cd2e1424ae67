"""What doctor finds by going round by the public address: whether the proxy hands all of it on."""

import http.client
import json
import ssl
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests

from localchat.embedded.diagnosis import Finding

ANSWER_SECONDS = 10
PAUSE = 1.0  # seconds, by which is seen whether a stream is held back
SILENCE = 17.0  # seconds: streams and sockets say something every fifteen, or twenty

HOST_LINE = "nginx: proxy_set_header Host $http_host;"
SCHEME_LINE = "nginx: proxy_set_header X-Forwarded-Proto $scheme;"
PATH_LINE = (
    "nginx: location {path}/ {{ proxy_pass http://127.0.0.1:8000; }}  # nothing behind the port"
)
BUFFER_LINE = "nginx: proxy_buffering off;"
SILENCE_LINE = "nginx: proxy_read_timeout 1h;"
UPGRADE_LINE = (
    "nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
    " proxy_set_header Connection upgrade;"
)
REFUSED = {"wrong_host": HOST_LINE, "no_sub_path": PATH_LINE}

Token = Callable[[float], str]


class Probe:
    """Of one public URL; `token` makes a pass for so many seconds of silence."""

    def __init__(self, public_url: str, token: Token) -> None:
        self.url, self.token = public_url.rstrip("/"), token
        self.verify = True

    def findings(self, silence: float = SILENCE) -> Iterator[Finding]:
        """What is wrong, or one line that all is well. Stops where nothing comes through."""
        found = list(self._reach())
        if not any(each.state == "wrong" for each in found):
            found += [*self._upgrade(), *self._silence(silence)]
        yield from found
        if not any(each.state == "wrong" for each in found):
            yield Finding("ok", f"{self.url} reaches LocalChat, with all that it needs.")

    def _reach(self) -> Iterator[Finding]:
        try:
            answer = self._ask(PAUSE)
        except requests.exceptions.SSLError:
            self.verify = False
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")
            mend = "Let the proxy have one of a known authority, or trust its own on this machine."
            yield Finding(
                "note", f"This machine does not trust the certificate of {self.url}.", mend
            )
            yield from self._reach()
            return
        except requests.RequestException as error:
            mend = "Start the proxy, or mend LOCALCHAT_PUBLIC_URL."
            yield Finding("wrong", f"{self.url} is not reached: {type(error).__name__}.", mend)
            return
        with answer:
            yield from self._see(answer)

    def _see(self, answer: requests.Response) -> Iterator[Finding]:
        if answer.status_code != 200:
            yield self._refused(answer)
            return
        lines = _lines(answer)
        first, at = next(lines, {}), time.monotonic()
        next(lines, {})
        if time.monotonic() - at < PAUSE / 2:
            what = "The proxy holds answers back to their end."
            yield Finding("wrong", what, BUFFER_LINE)
        if first.get("scheme") != urlsplit(self.url).scheme and self.url.startswith("https:"):
            what = "The proxy does not say that the address is https."
            yield Finding("wrong", what, SCHEME_LINE)

    def _refused(self, answer: requests.Response) -> Finding:
        try:
            said = json.loads(answer.content)
            code = said.get("error", "")
        except (ValueError, AttributeError):
            said, code = {}, ""
        path = urlsplit(self.url).path
        if code in REFUSED:
            return Finding("wrong", said.get("message", code), REFUSED[code].format(path=path))
        what = f"{self.url} is answered ({answer.status_code}), but not by this LocalChat."
        return Finding("wrong", what, PATH_LINE.format(path=path))

    def _upgrade(self) -> Iterator[Finding]:
        status = self._knock()
        if status not in {101, 403}:  # a stranger is refused, but by the socket itself
            yield Finding("wrong", "The proxy does not let sockets through.", UPGRADE_LINE)

    def _knock(self) -> int:
        parts = urlsplit(self.url)
        context = ssl.create_default_context() if self.verify else ssl._create_unverified_context()
        port = parts.port
        line: http.client.HTTPConnection = (
            http.client.HTTPSConnection(
                str(parts.hostname), port, timeout=ANSWER_SECONDS, context=context
            )
            if parts.scheme == "https"
            else http.client.HTTPConnection(str(parts.hostname), port, timeout=ANSWER_SECONDS)
        )
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": "bG9jYWxjaGF0IGRvY3Rvcg==",
            "Sec-WebSocket-Version": "13",
        }
        try:
            line.request("GET", f"{parts.path}/ws/", headers=headers)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def _silence(self, seconds: float) -> Iterator[Finding]:
        try:
            with self._ask(seconds) as answer:
                whole = any("done" in line for line in _lines(answer))
        except requests.RequestException:
            whole = False
        if not whole:
            what = f"The proxy closes what is silent for {seconds:.0f} seconds."
            yield Finding("wrong", what, SILENCE_LINE)

    def _ask(self, silence: float) -> requests.Response:
        return requests.get(
            f"{self.url}/reached",
            params={"pass": self.token(silence)},
            stream=True,
            verify=self.verify,
            allow_redirects=False,
            timeout=(ANSWER_SECONDS, silence + ANSWER_SECONDS),
        )


def _lines(answer: requests.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines(chunk_size=1):
        if line.startswith(b"data: "):
            yield json.loads(line[6:])
