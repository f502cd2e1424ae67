"""Code of an answer is seen as it would look, and can do nothing, whatever it is."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.factories import make_answer, make_conversation

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

HOSTILE = [
    "<script>top.hacked = 1; parent.hacked = 1; fetch('{sink}/script')</script>",
    "<img src=x onerror=\"top.hacked = 1\"><img src='{sink}/img'>",
    "<svg onload=\"top.hacked = 1\"><image href='{sink}/image' width=9 height=9 /></svg>",
    "<iframe src='{sink}/frame'></iframe><iframe srcdoc='<script>top.hacked=1</script>'></iframe>",
    "<meta http-equiv=refresh content='0; url={sink}/refresh'>",
    "<link rel=stylesheet href='{sink}/style'><link rel=prefetch href='{sink}/prefetch'>",
    "<link rel=preconnect href='{sink}'><link rel=dns-prefetch href='{sink}'>",
    "<style>@import '{sink}/import'; body {{ background: url('{sink}/background') }}</style>",
    "<style>@font-face {{ font-family: f; src: url('{sink}/font') }} * {{ font-family: f }}</style>x",
    "<object data='{sink}/object'></object><embed src='{sink}/embed'>",
    "<video autoplay src='{sink}/video'></video><audio autoplay src='{sink}/audio'></audio>",
    "<form action='{sink}/form'><button id=go>Go</button></form>",
    "<a id=go href='{sink}/link'>Go</a>",
    "<a id=go target=_top href='{sink}/top'>Go</a>",
    "<a id=go target=_blank href='{sink}/blank' ping='{sink}/ping'>Go</a>",
    '<a id=go href="javascript:top.hacked = 1">Go</a>',
    "<base href='{sink}/'><img src=based><input autofocus onfocus='top.hacked = 1'>",
    "<picture><source srcset='{sink}/set'><img src='{sink}/picture'></picture>",
    "<svg><use href='{sink}/use#a'/><foreignObject><img src='{sink}/foreign'></foreignObject></svg>",
    "<svg><style>@import '{sink}/svgstyle';</style><script href='{sink}/svgscript'/></svg>",
    (
        "<svg><a id=go href='{sink}/svglink'><text y=20>Go</text></a>"
        "<animate attributeName=x begin=0s onbegin='top.hacked = 1' /></svg>"
    ),
    "<body background='{sink}/body' onload='top.hacked = 1'><details open ontoggle='top.hacked=1'>",
    '<script type=speculationrules>{{"prefetch": [{{"urls": ["{sink}/rules"]}}]}}</script>',
    "<svg><a id=go><text y=20>Go</text><set attributeName='hr&#101;f' to='{sink}/moved' /></a></svg>",
    (
        "<template shadowrootmode=open><img src='{sink}/shadow'></template></title></textarea>"
        "<script>top.document.title = 'hacked'</script>"
    ),
]


class Sink(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def sink():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    server.asked, server.greeted = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    taken = server.verify_request
    server.verify_request = lambda *peer: server.greeted.append(peer) or taken(*peer)
    yield server
    server.shutdown()
    server.server_close()


def previews(page):
    return page.get_by_role("button", name="Preview", exact=True)


def test_a_page_is_seen_below_its_code(page, owner, watch):
    code = "<style>h1 { color: rgb(1, 2, 3) }</style><h1>Ferries</h1><script>document.body.innerHTML = ''</script>"
    answer = make_answer(
        owner,
        f"So:\n\n```html\n{code}\n```\n\n```python\n1\n```",
        conversation=make_conversation(owner),
    )
    page.goto(f"/c/{answer.conversation_id}/")
    previews(page).click()
    heading = page.frame_locator("iframe.preview").get_by_role("heading", name="Ferries")
    expect(heading).to_have_css("color", "rgb(1, 2, 3)")
    page.get_by_role("button", name="Close the preview").click()
    expect(page.locator("iframe.preview")).to_have_count(0)
    expect(previews(page)).to_have_count(1)
    assert all("script" in said for said in watch.errors)
    watch.errors.clear()


def test_nothing_runs_in_it_and_no_request_leaves(page, owner, watch, sink):
    blocks = [
        f"```html\n{code.format(sink=sink.url)}<p>Block {n}</p>\n```"
        for n, code in enumerate(HOSTILE)
    ]
    answer = make_answer(owner, "\n\n".join(blocks), conversation=make_conversation(owner))
    page.goto(f"/c/{answer.conversation_id}/")
    expect(previews(page)).to_have_count(len(HOSTILE))
    title, tabs = page.title(), len(page.context.pages)
    for _ in HOSTILE:
        previews(page).first.click()
    frames = page.locator("iframe.preview")
    expect(frames).to_have_count(len(HOSTILE))
    for n, code in enumerate(HOSTILE):
        inside = frames.nth(n).content_frame
        if "<template" not in code:
            expect(inside.get_by_text(f"Block {n}", exact=True)).to_be_attached()
        if "id=go" in code:
            inside.locator("#go").click(no_wait_after=True, timeout=2000)
    page.wait_for_timeout(1500)
    assert sink.asked == []
    assert sink.greeted == []
    assert page.evaluate("typeof hacked") == "undefined"
    assert (page.title(), len(page.context.pages)) == (title, tabs)
    assert page.url.endswith(f"/c/{answer.conversation_id}/")
    assert watch.errors, "the browser says that it was held back"
    watch.errors.clear()
    watch.requests[:] = [url for url in watch.requests if not url.startswith(sink.url)]


def test_the_sink_would_have_heard_of_it(sink):
    import httpx

    httpx.get(f"{sink.url}/here", trust_env=False)
    assert sink.asked == ["/here"]
    assert sink.greeted
