"""The pages as colleagues see them: behind nginx, with TLS, below a path of the host."""

import httpx
import pytest

from localchat.embedded.proxy_probe import Probe
from localchat.web import reached
from tests.factories import make_document
from tests.live import Live, database_url, free_port
from tests.nginx import Nginx, program

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

NOTICE = "The notice period is three months."


@pytest.fixture(scope="session")
def behind(processes, _engine, tmp_path_factory):
    """A web process that is reached by nginx alone; the worker is that of the others."""
    program()
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    facts = {"DATABASE_URL": database_url(), "OLLAMA_HOST": _engine.url}
    live = Live({**facts, "LOCALCHAT_PUBLIC_URL": f"https://localhost:{port}/chat"}, folder)
    live.start_web()
    live.nginx = Nginx(folder, port, live.port)
    live.public = f"https://localhost:{port}/chat"
    yield live
    live.nginx.close()
    live.close()


@pytest.fixture
def proxied(behind, transactional_db, flush_redis, engine_server):
    behind.nginx.serve()
    return behind


def test_what_is_asked_uploaded_and_cited_behind_nginx(
    browser, proxied, alice, engine_server, watch
):
    make_document(alice, "contract.txt", [NOTICE])
    engine_server.script(answer="Three months [1].", rate=30)
    context = browser.new_context(ignore_https_errors=True)
    context.on("page", watch.attach)
    page = asked(context, proxied.public)
    assert page.url.startswith(f"{proxied.public}/c/")
    page.locator("a.cite").click()
    expect(page.get_by_role("complementary", name="Source")).to_contain_text("three months")
    page.get_by_role("link", name="Documents").first.click()
    letter = {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"Dear Anna, come soon."}
    page.locator("input[type=file]").set_input_files(letter)
    row = page.get_by_role("row").filter(has_text="letter.txt")
    expect(row).to_contain_text("Ready", timeout=40_000)
    assert any(url.startswith("wss:") and url.endswith("/chat/ws/") for url in watch.requests)
    cookies = {each["path"] for each in context.cookies() if "session" in each["name"]}
    assert cookies == {"/chat/"}
    context.close()
    assert watch.foreign(proxied.public) == []
    assert watch.errors == []


def asked(context, url):
    """The page on which alice, who has logged in, has her answer."""
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(url)
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("alice-has-a-password")
    page.keyboard.press("Enter")
    page.get_by_label("Your question").fill("What is the notice period?")
    page.keyboard.press("Enter")
    expect(page.locator("a.cite")).to_be_visible(timeout=20_000)
    return page


def test_without_the_live_connection_it_is_answered_and_said_what_the_proxy_lacks(
    browser, proxied, alice, engine_server
):
    make_document(alice, "contract.txt", [NOTICE])
    engine_server.script(answer="Three months [1].")
    proxied.nginx.serve(WRONG["no upgrade headers"][:2])
    context = browser.new_context(ignore_https_errors=True)
    page = asked(context, proxied.public)
    expect(page.locator("#line")).to_contain_text("proxy_set_header Upgrade $http_upgrade;")
    context.close()


WRONG = {
    "no upgrade headers": (
        r"proxy_set_header (Upgrade|Connection) .*",
        "",
        "Upgrade $http_upgrade",
    ),
    "buffering": (
        "proxy_buffering off;",
        "proxy_ignore_headers X-Accel-Buffering;",
        "proxy_buffering off;",
    ),
    "short silence": ("proxy_read_timeout 1h;", "proxy_read_timeout 2s;", "proxy_read_timeout 1h;"),
    "another host": (r"proxy_set_header Host .*", "", "proxy_set_header Host $http_host;"),
    "another scheme": (r"proxy_set_header X-Forwarded-Proto .*", "", "X-Forwarded-Proto $scheme;"),
    "no sub-path": (r"(proxy_pass http://[\d.:]+);", r"\1/;", "nothing behind the port"),
}


@pytest.mark.parametrize("what", WRONG)
def test_doctor_names_the_line_that_the_proxy_lacks(proxied, what):
    old, new, line = WRONG[what]
    proxied.nginx.serve((old, new))
    found = list(Probe(proxied.public, reached.token).findings(silence=3))
    wrong = [each for each in found if each.state == "wrong"]
    assert [line in each.mend for each in wrong] == [True], found


def test_doctor_finds_nothing_wrong_with_the_proxy_of_the_guide(proxied):
    found = list(Probe(proxied.public, reached.token).findings(silence=1))
    assert [each.state for each in found] == ["note", "ok"], "the certificate alone"


@pytest.mark.parametrize(
    ("what", "road", "said"),
    [
        ("another host", "/", "proxy_set_header Host $http_host;"),
        ("no sub-path", "/", "stripPrefix"),
        ("no upgrade headers", "/ws/", "proxy_set_header Upgrade $http_upgrade;"),
    ],
)
def test_so_does_the_page(proxied, what, road, said):
    proxied.nginx.serve(WRONG[what][:2])
    headers = {"Accept": "text/html"}
    answer = httpx.get(proxied.public + road, headers=headers, verify=False, trust_env=False)
    assert answer.status_code in {400, 404, 426}
    assert said in answer.text
