"""In owner mode the connection is the proof, and nobody can borrow it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localchat.accounts.gate import OWNER, Gate
from tests.asgi import Ends, connected, knock, request

ROAD = "/api/conversations"
LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "accept": "text/html"}


async def house(scope, receive, send):
    """Tells whether the gate said that it is the owner."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    told = b"owner" if scope[OWNER] else b"anybody"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": told})


gate = Gate(house)


async def both(ends, headers):
    """Status over HTTP, and what a websocket gets, with the same headers."""
    answer = await request(gate, ROAD, ends, headers=headers)
    socket = await knock(gate, ends, headers=headers)
    return answer, socket["type"]


async def test_who_runs_it_comes_in_without_a_login(ends):
    answer, socket = await both(ends, {})
    assert (answer.status, answer.text, socket) == (200, "owner", "websocket.accept")


@pytest.mark.parametrize(
    "name",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Xyz", "X-Real-IP", "Via"],
)
async def test_a_proxy_is_told_what_to_set(ends, name):
    answer, socket = await both(ends, {name: "127.0.0.1"})
    assert (answer.status, socket) == (403, "websocket.close")
    assert answer.json()["error"] == "behind_proxy"
    assert "behind a proxy set LOCALCHAT_PUBLIC_URL" in answer.json()["message"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
async def test_our_own_names_are_known(ends, name):
    host = f"{name}:{ends.server[1]}"
    answer, socket = await both(ends, {"host": host, "origin": f"http://{host}".lower()})
    assert (answer.status, socket) == (200, "websocket.accept")


HOSTS = [
    "evil.test",
    "evil.test:{port}",
    "127.0.0.1",
    "127.0.0.1:{other}",
    "127.0.0.1:{port}:{port}",
    "127.0.0.1:{port}.evil.test",
    "127.0.0.1.nip.io:{port}",
    "localhost.evil.test:{port}",
    "localhost.:{port}",
    "user@localhost:{port}",
    "localhost:{port}@evil.test",
    "localhost:{port}/",
    "localhost:{port}#",
    "localhost:0{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "0x7f.0.0.1:{port}",
    "0.0.0.0:{port}",
    "[::]:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "::1:{port}",
    "[::1]",
    "[::1%25lo]:{port}",
    "localhost:{port}, evil.test",
    "",
    " ",
]


@pytest.mark.parametrize("host", HOSTS)
async def test_a_name_that_was_bent_to_us_is_refused(ends, host):
    port = ends.server[1]
    answer, socket = await both(ends, {"host": host.format(port=port, other=port + 1)})
    assert (answer.status, socket) == (400, "websocket.close")
    assert "LOCALCHAT_PUBLIC_URL" in answer.json()["message"]


@pytest.mark.parametrize("headers", [[("host", None)], [("host", "{own}"), ("host", "{own}")]])
async def test_one_host_is_needed_and_not_two(ends, headers):
    headers = [(name, value and value.format(own=ends.host)) for name, value in headers]
    answer, socket = await both(ends, headers)
    assert (answer.status, socket) == (400, "websocket.close")


ORIGINS = [
    "null",
    "",
    "http://evil.test",
    "https://{own}",
    "http://127.0.0.1",
    "http://127.0.0.1:{other}",
    "http://localhost:{port}",
    "http://{own}.evil.test",
    "http://evil.test#{own}",
    "http://{own}/",
    "http://{own}@evil.test",
    "http://sub.localhost:{port}",
    "file://",
    "chrome-extension://abc",
    "http://{own}, http://evil.test",
]


@pytest.mark.parametrize("origin", ORIGINS)
async def test_another_origin_is_refused(ends, origin):
    port = ends.server[1]
    headers = {"origin": origin.format(own=ends.host, port=port, other=port + 1)}
    answer, socket = await both(ends, headers)
    assert (answer.status, socket) == (403, "websocket.close")
    assert answer.json()["error"] == "wrong_origin"


async def test_our_own_origin_may_post(ends):
    headers = {"origin": f"http://{ends.host}", "sec-fetch-site": "same-origin"}
    answer = await request(gate, ROAD, ends, method="POST", headers=headers)
    assert answer.status == 200


class TestAnySender:
    """Whatever a header holds, only the few right values open the gate."""

    @given(text=some.text(some.characters(max_codepoint=255), max_size=60))
    def test_as_host(self, text):
        self.check({"host": text}, right=lambda ends: ends.host)

    @given(text=some.text(some.characters(max_codepoint=255), max_size=60))
    def test_as_origin(self, text):
        self.check({"origin": text}, right=lambda ends: f"http://{ends.host}")

    @given(site=some.text(some.characters(max_codepoint=255), min_size=1, max_size=20))
    def test_as_site(self, site):
        self.check({"sec-fetch-site": site}, right=lambda ends: "none")

    def check(self, headers, right):
        import asyncio

        async def scenario():
            with connected() as ends:
                if list(headers.values()) != [right(ends)]:
                    answer, socket = await both(ends, headers)
                    assert answer.status in {400, 403}
                    assert socket == "websocket.close"

        asyncio.run(scenario())


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("method", "road", "extra"),
    [
        ("GET", "/api/conversations", {}),
        ("GET", "/api/conversations", {"sec-fetch-mode": "navigate"}),
        ("GET", "/v1/models", {"sec-fetch-mode": "navigate"}),
        ("GET", "/", {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}),
        ("GET", "/", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}),
        ("POST", "/", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}),
        ("HEAD", "/", {"sec-fetch-mode": "navigate"}),
    ],
)
async def test_another_site_may_not_ask(ends, site, method, road, extra):
    headers = {"sec-fetch-site": site, **extra}
    answer = await request(gate, road, ends, method=method, headers=headers)
    assert answer.status == 403


async def test_another_site_may_link_to_a_page(ends):
    answer = await request(
        gate, "/documents/", ends, headers={**LINK, "sec-fetch-dest": "document"}
    )
    assert answer.status == 200


async def test_another_site_may_not_open_a_socket(ends):
    socket = await knock(gate, ends, headers={"sec-fetch-site": "cross-site"})
    assert socket == {"type": "websocket.close", "code": 4403}


@pytest.mark.parametrize("client", [None, ("192.168.1.7", 40000), ("10.0.0.2", 1), ("::2", 40000)])
async def test_a_connection_from_elsewhere_is_not_the_owners(ends, client):
    answer, socket = await both(Ends(client, ends.server), {"host": ends.host})
    assert (answer.status, socket) == (403, "websocket.close")
    assert answer.json()["error"] == "not_owner"


@pytest.mark.parametrize(("uid", "status"), [(4242, 403), (0, 200), (1000, 200), (None, 403)])
async def test_root_and_the_owner_are_let_in_and_others_are_not(ends, settings, uid, status):
    settings.OWNER_UID = 1000

    async def whose(peer, ours):
        return uid

    answer = await request(Gate(house, whose), ROAD, ends)
    assert answer.status == status


async def test_who_hung_up_is_nobody():
    with connected() as ends:
        pass
    answer = await request(gate, ROAD, ends)
    assert answer.status in {401, 403}


@pytest.mark.parametrize("road", ["/healthz", "/readyz"])
async def test_health_is_open_and_nobody_is_the_owner_there(ends, road):
    answer = await request(gate, road, Ends(("192.168.1.7", 40000), ends.server))
    assert (answer.status, answer.text) == (200, "anybody")


async def test_a_person_is_told_no_on_a_page(ends):
    headers = {"host": "<script>alert(1)</script>", "accept": "text/html"}
    answer = await request(gate, "/", ends, headers=headers)
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
