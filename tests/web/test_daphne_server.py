"""Large uploads: through the disk, not the memory, and refused before they have come."""

import json
import re
import socket
from pathlib import Path

import pytest

from documents.models import Document

SIZE = 80_000_000  # bytes
LIMIT = 512_000_000 + 1_000_000


def peak(pid: int) -> int:
    """Bytes that the process has had in memory at the most."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024


def test_what_is_uploaded_does_not_pass_through_memory(live, tmp_path):
    path = tmp_path / "numbers.csv"
    with path.open("wb") as file:
        file.writelines(b"%09d,\0\n" % number for number in range(SIZE // 12))
    live.http.get("/api/documents")
    before = peak(live.web.pid)
    with path.open("rb") as file:
        answer = live.http.post("/api/documents/upload", files={"files": ("numbers.bin", file)})
    assert '"success": false' in answer.text  # with zeros inside it is nothing that could be read
    assert peak(live.web.pid) - before < SIZE / 4


def test_all_bytes_arrive_whatever_their_number(live, alice):
    for size in (2, 65_535, 65_536, 65_537, 131_072, 200_001):
        body = ("n" * (size - 1) + "\n").encode()
        answer = live.http.post("/api/documents/upload", files={"files": (f"{size}.txt", body)})
        assert answer.status_code == 200
    kept = Document.objects.values_list("name", "incoming__content__size", "current__content__size")
    sizes = {name: one or other for name, one, other in kept}
    assert {name: int(name.split(".")[0]) for name in sizes} == sizes
    assert len(sizes) == 6


def ask(live, *headers: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", live.port), timeout=10)
    head = ["POST /api/documents/upload HTTP/1.1", f"Host: 127.0.0.1:{live.port}", *headers, "", ""]
    line.sendall("\r\n".join(head).encode())
    return line


def answered(line: socket.socket) -> tuple[int, dict]:
    said = b""
    while b"\r\n\r\n" not in said or not said.endswith(b"}"):
        part = line.recv(65_536)
        assert part, said
        said += part
    head, _, body = said.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("expect", [[], ["Expect: 100-continue"]])
def test_what_is_too_large_is_refused_before_it_comes(live, expect):
    with ask(live, f"Content-Length: {LIMIT + 1}", "Content-Type: text/plain", *expect) as line:
        status, body = answered(line)
        assert (status, body["error"]) == (413, "too_large")
        assert "512 MB" in body["message"]
    assert live.http.get("/healthz").status_code == 200


def test_the_server_hears_other_requests_after_a_refusal(live):
    with ask(live, f"Content-Length: {LIMIT + 1}") as line:
        answered(line)
        line.sendall(b"x" * 1_000_000)
        assert live.http.get("/api/documents").json() == []


def test_a_new_version_is_ready_when_its_upload_says_so(live):
    for number in (1, 2):
        body = f"Edition {number} of the rules.".encode()
        answer = live.http.post("/api/documents/upload", files={"files": ("rules.txt", body)})
        (result,) = re.findall(r'"result": (\{.*?\})', answer.text)
        found = live.http.get(f"/api/documents/{json.loads(result)['document']}").json()
        assert (found["status"], found["version"]) == ("ready", number)
        assert "rules.txt is ready: 1 passage can be found." in result


def test_a_reader_who_leaves_in_the_middle_is_no_error(live, engine_server):
    engine_server.script(answer="word " * 60, rate=60)
    before = len(live.log())
    wish = {"message": "Tell me.", "use_rag": False}
    with live.http.stream("POST", "/api/chat", json=wish) as told:
        assert next(told.iter_bytes())
    topic = f"/api/streams/{told.headers['X-Topic']}"
    with live.http.stream("GET", topic) as again:
        assert next(again.iter_bytes())
    assert '"done"' in live.http.get(topic).text
    assert "Traceback" not in live.log()[before:]
