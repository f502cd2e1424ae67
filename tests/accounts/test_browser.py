"""What a real browser makes of the rules: ours works under them, another site gets nothing."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.factories import make_answer, make_conversation, make_document

PAGES = [
    "/",
    "/documents/",
    "/models/",
    "/password/",
    "/api/docs",
    "/admin/",
    "/admin/documents/document/",
    "/admin/documents/document/add/",
    "/admin/chat/conversation/",
    "/admin/models_mgmt/pull/",
    "/admin/auth/user/add/",
]


@pytest.fixture
def rows(owner, live):
    document = make_document(owner)
    answer = make_answer(owner, document=document, conversation=make_conversation(owner))
    return document, answer


@pytest.mark.parametrize("road", PAGES)
def test_no_page_breaks_the_policy(page, rows, road):
    """The fixture fails where the console shows an error or a request leaves for elsewhere."""
    answer = page.goto(road, wait_until="networkidle")
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_policy_lets_our_own_socket_through(page):
    page.goto("/")
    assert page.evaluate(OPEN_SOCKET, f"ws://{page.url.split('/')[2]}/ws/") == "open"


def test_the_policy_stops_what_is_not_ours(page, watch):
    page.goto("/")
    run = """() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';
             document.body.append(s); const i = new Image(); i.src = 'http://evil.test/x.png';
             document.body.append(i); return window.ran }"""
    assert page.evaluate(run) is None
    page.wait_for_timeout(300)
    assert len([error for error in watch.errors if "Content Security Policy" in error]) >= 2
    watch.errors.clear()
    watch.requests.clear()


def test_alice_logs_in_and_is_nobody_without_her_cookies(browser, live_login, alice):
    opened = browser.new_context(base_url=live_login.url)
    page = opened.new_page()
    complaints = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto("/documents/")
    assert page.url == f"{live_login.url}/login/?next=/documents/"
    page.fill("[name=username]", "alice")
    page.fill("[name=password]", "alice-has-a-password")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/documents/")
    socket = live_login.url.replace("http", "ws") + "/ws/"
    assert page.evaluate(OPEN_SOCKET, socket) == "open"
    assert complaints == []
    opened.clear_cookies()
    assert page.evaluate(OPEN_SOCKET, socket) == "refused"
    page.goto("/models/")
    assert page.url.startswith(f"{live_login.url}/login/")
    opened.close()


OPEN_SOCKET = """url => new Promise(told => {
  const socket = new WebSocket(url)
  socket.onopen = () => told("open")
  socket.onerror = () => told("refused")
})"""

FETCH = """async ([url, method, mode]) => {
  try { const answer = await fetch(url, {method, mode, credentials: "include"}); return answer.type }
  catch { return "refused" }
}"""

POST_FORM = """url => { const form = document.createElement("form")
  form.method = "post"; form.action = url; document.body.append(form); form.submit() }"""


@pytest.fixture
def evil(browser) -> Iterator[object]:
    """A page of another site, on the same machine."""

    class Evil(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>evil</title><p>evil</p>")

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


class TestAnotherSite:
    """Its page runs in the owner's browser, on the owner's machine."""

    def test_changes_nothing(self, evil, live, rows):
        _, answer = rows
        road = f"{live.url}/api/conversations/{answer.conversation_id}"
        assert evil.evaluate(FETCH, [road, "DELETE", "cors"]) == "refused"
        evil.evaluate(FETCH, [f"{live.url}/c/{answer.conversation_id}/delete/", "POST", "no-cors"])
        evil.evaluate(POST_FORM, f"{live.url}/c/{answer.conversation_id}/delete/")
        evil.wait_for_url(f"{live.url}/**")
        assert "Another site" in evil.content()
        assert live.http.get(f"/api/conversations/{answer.conversation_id}").status_code == 200

    def test_reads_nothing(self, evil, live, rows):
        assert evil.evaluate(FETCH, [f"{live.url}/api/documents", "GET", "cors"]) == "refused"

    def test_opens_no_socket(self, evil, live):
        socket = live.url.replace("http", "ws") + "/ws/"
        assert evil.evaluate(OPEN_SOCKET, socket) == "refused"

    def test_shows_us_in_no_frame(self, evil, live):
        evil.evaluate(f"document.body.innerHTML = '<iframe src=\"{live.url}/\"></iframe>'")
        evil.wait_for_timeout(500)
        framed = [frame for frame in evil.frames if frame != evil.main_frame]
        assert not any(frame.query_selector("main") for frame in framed)

    def test_may_link_to_us(self, evil, live):
        evil.evaluate(f"location = '{live.url}/documents/'")
        evil.wait_for_url(f"{live.url}/documents/")
        assert evil.query_selector("main")

    def test_gets_no_further_by_a_name_that_it_owns(self, browser, live):
        """As after DNS rebinding: the address is ours, the name is not."""
        answer = live.http.get("/api/documents", headers={"Host": f"evil.test:{live.port}"})
        assert (answer.status_code, answer.json()["error"]) == (400, "wrong_host")
