"""A stranger's body is refused from the headers alone; who may send one is heard as before."""

import json
import socket
from pathlib import Path

import pytest

from documents.models import Document
from localchat.accounts import api_keys
from tests.web.test_daphne_server import answered

LARGE = 100_000_000
BOUNDARY = b"----localchat"
FORM = b"\r\n".join(
    [
        b"--" + BOUNDARY,
        b'Content-Disposition: form-data; name="files"; filename="rain.txt"',
        b"",
        b"It rains. " * 20_000,
        b"--" + BOUNDARY + b"--",
        b"",
    ]
)
KIND = "Content-Type: multipart/form-data; boundary=" + BOUNDARY.decode()


def ask(live, road, *headers, length=LARGE):
    """Send the headers; the body may follow."""
    line = socket.create_connection(("127.0.0.1", live.port), timeout=10)
    size = [] if length is None else [f"Content-Length: {length}"]
    head = [f"POST {road} HTTP/1.1", f"Host: 127.0.0.1:{live.port}", *size, *headers, "", ""]
    line.sendall("\r\n".join(head).encode())
    return line


def answer_to(line):
    said = b""
    while b"\r\n\r\n" not in said:
        part = line.recv(65_536)
        assert part, said
        said += part
    head = said.partition(b"\r\n\r\n")[0].decode()
    return int(head.split()[1]), head


def files_open(pid):
    """What the process has open in folders for temporary files."""
    found = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(each.readlink()))
        except FileNotFoundError:
            continue
    return [name for name in found if "/tmp" in name and "deleted" in name]


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("road", "headers", "error"),
    [
        ("/api/documents/upload", [KIND], "login_required"),
        ("/api/documents/upload", [KIND, "Expect: 100-continue"], "login_required"),
        ("/api/documents/upload", [KIND, "Authorization: Bearer lc_wrong"], "bad_key"),
        ("/v1/files", [KIND, "Authorization: Bearer sk-wrong"], "bad_key"),
        ("/mcp", ["Authorization: Bearer lc_wrong"], "bad_key"),
        ("/mcp", [], "login_required"),
        ("/api/chat", [], "login_required"),
        ("/login/", [], "too_large"),
        ("/api/auth/login", [], "too_large"),
        ("/healthz", [], "too_large"),
    ],
)
def test_a_strangers_body_is_refused_before_it_comes(live_login, road, headers, error):
    statuses = {"too_large": 413}
    with ask(live_login, road, *headers) as line:
        status, body = answered(line)
        assert (status, body["error"]) == (statuses.get(error, 401), error)


def test_one_that_does_not_say_its_length_is_refused_as_well(live_login):
    with ask(live_login, "/api/documents/upload", CHUNKED, length=None) as line:
        assert answered(line)[1]["error"] == "login_required"
    with ask(live_login, "/login/", CHUNKED, length=None) as line:
        assert answered(line)[0] == 413


def test_pages_lead_a_stranger_to_the_login(live_login):
    with ask(live_login, "/documents/", KIND) as line:
        status, head = answer_to(line)
    assert status == 302
    assert "\r\nLocation: /login/?next=/\r\n" in head


def test_nothing_of_it_lies_on_the_disk_or_in_memory(live_login):
    lines = []
    for road in ("/api/documents/upload", "/login/", "/v1/files", "/api/documents/upload"):
        lines.append(ask(live_login, road, KIND))
        lines[-1].sendall(b"x" * 1_000_000)
    assert [answer_to(line)[0] for line in lines] == [401, 413, 401, 401]
    assert files_open(live_login.web.pid) == []
    for line in lines:
        line.close()


def test_another_sites_page_is_told_so_before_its_body_comes(live_login):
    with ask(live_login, "/api/documents/upload", KIND, "Origin: https://evil.test") as line:
        assert answered(line)[1]["error"] == "wrong_origin"


@pytest.mark.parametrize("expect", [[], ["Expect: 100-continue"]])
def test_who_has_a_key_is_heard(live_login, alice, expect):
    token = api_keys.make(alice, "a tool", ["ingest"]).token
    headers = [KIND, f"Authorization: Bearer {token}", *expect]
    with ask(live_login, "/api/documents/upload", *headers, length=len(FORM)) as line:
        if expect:
            assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(FORM)
        assert answer_to(line)[0] == 200
    assert Document.objects.get().owner == alice


def test_a_key_without_the_right_is_told_so_before(live_login, alice):
    token = api_keys.make(alice, "a tool", ["read"]).token
    headers = [KIND, f"Authorization: Bearer {token}"]
    with ask(live_login, "/api/documents/upload", *headers) as line:
        assert answered(line)[1]["error"] == "scope_missing"


def test_a_session_is_enough_and_small_bodies_take_the_same_way(live_login, alice):
    http = live_login.http
    http.get("/login/")
    token = next(value for name, value in http.cookies.items() if "csrf" in name)
    fields = {"username": "alice", "password": "alice-has-a-password"}
    told = http.post("/login/", data={**fields, "csrfmiddlewaretoken": token})
    assert told.status_code == 302
    sent = {"files": {"files": ("rain.txt", b"It rains.")}}
    with http.stream("POST", "/api/documents/upload", **sent) as told:
        assert told.status_code == 200
    http.cookies.clear()
    assert json.loads(http.post("/api/chat", json={"message": "And?"}).content)["error"] == "login_required"  # fmt: skip


def test_who_leaves_while_it_is_found_out_leaves_nothing(live_login):
    for _ in range(20):
        ask(live_login, "/api/documents/upload", KIND).close()
    assert live_login.http.get("/healthz").status_code == 200
    assert "Traceback" not in live_login.log()


def test_headers_that_only_daphne_knows_change_nothing(live_login):
    """They moved all roads, and Daphne fell over bytes in them that are no ASCII."""
    odd = "Daphne-Root-Path: {0}\r\nSec-WebSocket-Protocol: {0}\r\n"
    upgrade = (
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    for road, more, status in [
        ("/healthz", "", 200),
        ("/moved/healthz", "", 302),
        ("/ws/", upgrade, 403),
        ("/moved/ws/", upgrade, 403),
    ]:
        for value in ("/moved", "\xff", "//example.org"):
            with socket.create_connection(("127.0.0.1", live_login.port), timeout=10) as line:
                head = f"GET {road} HTTP/1.1\r\nHost: 127.0.0.1:{live_login.port}\r\n"
                line.sendall((head + odd.format(value) + more + "\r\n").encode("latin-1"))
                assert answer_to(line)[0] == status, (road, value)
    assert "Traceback" not in live_login.log()


def test_a_client_of_http_1_0_is_not_told_to_go_on(live_login):
    """It does not know that word, and takes it for the answer."""
    with socket.create_connection(("127.0.0.1", live_login.port), timeout=10) as line:
        head = f"POST /api/auth/login HTTP/1.0\r\nHost: 127.0.0.1:{live_login.port}\r\n"
        line.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        assert answer_to(line)[0] == 400
