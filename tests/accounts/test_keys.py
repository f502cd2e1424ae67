"""Where a connection does not tell whose it is, a key does."""

from urllib.parse import urlsplit

import pytest

from localchat.accounts import keys
from localchat.accounts.gate import COOKIE, Gate
from localchat.accounts.peers import CannotTell
from tests.accounts.test_gate import house
from tests.asgi import knock, request


async def whose(peer, ours):
    raise CannotTell


gate = Gate(house, whose)


@pytest.fixture
def link(data_folder) -> str:
    url = urlsplit(keys.new_link(data_folder, "http://127.0.0.1:8000/"))
    return f"{url.path}?{url.query}"


async def test_without_a_key_nobody_comes_in(ends, data_folder):
    answer = await request(gate, "/", ends)
    assert answer.status == 401
    assert (await knock(gate, ends))["code"] == 4403


async def test_the_printed_link_lets_one_browser_in_once(ends, link):
    first = await request(gate, link, ends)
    assert (first.status, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    headers = {"cookie": cookie.split(";")[0]}
    assert (await request(gate, "/", ends, headers=headers)).status == 200
    assert (await knock(gate, ends, headers=headers))["type"] == "websocket.accept"
    assert (await request(gate, link, ends)).status == 401


async def test_a_link_is_worth_nothing_once_another_was_printed(ends, link, data_folder):
    keys.new_link(data_folder, "http://127.0.0.1:8000")
    assert (await request(gate, link, ends)).status == 401


async def test_a_script_sends_the_key(ends, data_folder):
    headers = {"authorization": f"Bearer {keys.owner_key(data_folder)}"}
    assert (await request(gate, "/api/models", ends, headers=headers)).status == 200
    assert (data_folder / "owner.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer "},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic {key}"},
        {"authorization": "{key}"},
        {"cookie": f"{COOKIE}="},
        {"cookie": f"{COOKIE}={{key}}"},
        {"cookie": "other={cookie}"},
    ],
)
async def test_anything_else_is_no_key(ends, data_folder, headers):
    known = {"key": keys.owner_key(data_folder), "cookie": keys.cookie(data_folder)}
    headers = {name: value.format(**known) for name, value in headers.items()}
    assert (await request(gate, "/", ends, headers=headers)).status == 401


async def test_a_key_does_not_help_another_site_or_a_proxy(ends, data_folder):
    key = {"authorization": f"Bearer {keys.owner_key(data_folder)}"}
    for more in ({"origin": "http://evil.test"}, {"via": "x"}, {"host": "evil.test"}):
        assert (await request(gate, "/", ends, headers={**key, **more})).status in {400, 403}


async def test_a_wrong_link_leaves_the_right_one_good(ends, link):
    assert (await request(gate, "/enter?key=wrong", ends)).status == 401
    assert (await request(gate, link, ends)).status == 303
