"""`doctor --verify`: the three streams over real HTTP, on a document that is thrown away again."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import requests

from localchat.embedded.diagnosis import Finding

SECONDS = 300  # the longest silence of a stream
NAME = "localchat-verifies.txt"


class Broken(Exception):
    """What a stream said, or did not say."""


class Verification:
    """Of the server at an address, which lets this user in, or the key's owner."""

    def __init__(self, address: str, key: str = "") -> None:
        self.address = address.rstrip("/")
        self.http = requests.Session()
        self.http.trust_env = False  # no proxy stands before an own address
        if key:
            self.http.headers["Authorization"] = f"Bearer {key}"
        self.word = f"Verify{secrets.token_hex(4)}"
        self.collection = f"LocalChat {self.word}"

    def findings(self) -> Iterator[Finding]:
        """One for each stream; the document and its collection are gone at the end."""
        document = 0
        try:
            document = self.upload()
            yield Finding("ok", "Upload: a document came in, was read and can be found.")
            yield Finding("ok", f"Chat: {self.chat(document)}")
            yield self.pull()
        except (Broken, requests.RequestException, KeyError, ValueError) as error:
            yield Finding("wrong", f"{type(error).__name__}: {error}"[:500], "Look into the log.")
        finally:
            self.clear(document)
            self.http.close()

    def upload(self) -> int:
        text = f"The password of {self.word} is kept by nobody. {self.word} is a word of this test."
        form = {"files": (NAME, text.encode())}
        data = {"collection": self.collection}
        frames = self.stream("/api/documents/upload", files=form, data=data)
        [result] = [frame["result"] for frame in frames if "result" in frame]
        if not result["success"] or "done" not in frames[-1]:
            raise Broken(f"upload: {result['message']}")
        query = {"query": self.word, "collection": self.collection}
        found = self.json("POST", "/api/documents/test", json=query)["results"]
        if not found or self.word not in found[0]["text"]:
            raise Broken("search: the document that was read is not found")
        return int(result["document"])

    def chat(self, document: int) -> str:
        asked = {"message": f"Who keeps the password of {self.word}?", "documents": [document]}
        frames = self.stream("/api/chat", json={**asked, "temporary": True})
        if not frames[-1].get("done"):
            raise Broken(f"chat: {frames[-1].get('message', 'no end came')}")
        end, text = frames[-1], "".join(frame.get("content", "") for frame in frames)
        self.json("DELETE", f"/api/conversations/{end['conversation_id']}")
        if not text or document not in [source["document"] for source in end["sources"]]:
            raise Broken("chat: the answer has no text, or not its source")
        return f"an answer of {len(text)} characters came, with its source."

    def pull(self) -> Finding:
        """Of a model that is there already, which fetches nothing; else that a refusal is told."""
        model = self.json("GET", "/api/models/active")["model"]
        if not model:
            return Finding("note", "Pull: not tried, there is no chat model.", "make model")
        last = self.stream("/api/models/pull", json={"model": model})[-1]
        if last.get("status") == "success":
            return Finding("ok", f"Pull: {model} is up to date.")
        if "error" in last:
            return Finding("note", f"Pull: {last['message']}")
        raise Broken("pull: no end came")

    def clear(self, document: int) -> None:
        try:
            if document:
                self.json("DELETE", f"/api/documents/{document}")
            for each in self.json("GET", "/api/collections"):
                if each["name"] == self.collection:
                    self.json("DELETE", f"/api/collections/{each['id']}")
        except (Broken, requests.RequestException, ValueError):
            return  # what is wrong has been told

    def stream(self, road: str, **what: Any) -> list[dict[str, Any]]:
        """All frames; at least one."""
        url = f"{self.address}{road}"
        with self.http.post(url, stream=True, timeout=SECONDS, **what) as answer:
            self.check(answer)
            lines = [line for line in answer.iter_lines() if line.startswith(b"data: ")]
        if not lines:
            raise Broken(f"{road}: nothing came")
        return [json.loads(line[6:]) for line in lines]

    def json(self, method: str, road: str, **what: Any) -> Any:
        answer = self.http.request(method, f"{self.address}{road}", timeout=SECONDS, **what)
        self.check(answer)
        return answer.json()

    def check(self, answer: requests.Response) -> None:
        if not answer.ok:
            raise Broken(f"{answer.url}: {answer.status_code} {answer.text[:200]}")
