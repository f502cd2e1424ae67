"""HOST=0.0.0.0: colleagues come by the address of this machine, and log in."""

import socket

import httpx
import pytest
from django.conf import settings as django_settings

from localchat.accounts.gate import Gate
from localchat.embedded import web
from localchat.lib import environment
from tests.accounts.test_gate import house
from tests.asgi import Ends, request
from tests.live import free_port

gate = Gate(house)
ENDS = Ends(("192.168.1.9", 40_000), ("192.168.1.5", 8000))


@pytest.fixture(autouse=True)
def _everywhere(settings):
    settings.OWNER_MODE, settings.HOST = False, "0.0.0.0"


@pytest.mark.parametrize("host", ["192.168.1.5:8000", "localhost:8000", "127.0.0.1:8000"])
async def test_the_address_that_was_typed_is_accepted(host):
    answer = await request(gate, "/", ENDS, headers={"host": host})
    assert (answer.status, answer.text) == (200, "anybody")


async def test_so_is_the_name_of_this_machine():
    host = f"{socket.gethostname()}:8000"
    assert (await request(gate, "/", ENDS, headers={"host": host})).status == 200


@pytest.mark.parametrize("host", ["192.168.1.6:8000", "evil.test:8000", "192.168.1.5.nip.io:8000"])
async def test_no_other_is(host):
    answer = await request(gate, "/", ENDS, headers={"host": host})
    assert answer.status == 400
    assert environment.reached_at("0.0.0.0") in answer.json()["message"]


def test_the_ready_line_names_an_address_at_which_we_are_reached():
    with web.listen("0.0.0.0", free_port(), print) as listener:
        address = web.address_for_others(listener)
        assert "0.0.0.0" not in address
        parts = httpx.URL(address)
        socket.create_connection((parts.host, parts.port), 5).close()
    with web.listen("127.0.0.1", free_port(), print) as listener:
        assert web.address_for_others(listener) == web.address_of(listener)


def test_a_key_that_was_made_is_used_when_others_come_in(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(environment.BadEnvironment, match="is required when"):
        environment.secret_key(tmp_path, public=True)
    made = environment.secret_key(tmp_path, public=False)
    assert environment.secret_key(tmp_path, public=True) == made


def test_pictures_for_elsewhere_are_not_said_to_be_at_every_address():
    from chat.exchange.pictured import address
    from chat.pictures import Picture

    assert "0.0.0.0" not in address(Picture(pk=1))
    assert f":{django_settings.PORT}/" in address(Picture(pk=1))
