"""Logging in by a directory: a real one on loopback, whose people come and go."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from localchat.accounts import throttle
from localchat.accounts.audit.models import Act, Entry
from localchat.accounts.directory import server, syncing
from localchat.accounts.identities.models import DIRECTORY, Identity
from localchat.accounts.second_factor import factor
from tests.accounts.ldap_names import BASE, PASSWORD, PEOPLE, READERS_PASSWORD
from tests.accounts.test_login import is_in
from tests.accounts.test_second_factor import code_of


def log_in(client, name="dora", password=PASSWORD):
    return client.post("/login/", {"username": name, "password": password})


def key_for(client, name="dora", password=PASSWORD):
    body = {"username": name, "password": password}
    return client.post("/api/auth/login", body, content_type="application/json")


def dora():
    return User.objects.get(identities__issuer=DIRECTORY)


def test_who_is_in_the_directory_gets_an_account_at_the_first_log_in(directory, client):
    assert "name and password of LDAP" in client.get("/login/").content.decode()
    assert log_in(client)["Location"] == "/"
    assert is_in(client)
    assert (dora().username, dora().is_staff, dora().has_usable_password()) == (
        "dora",
        False,
        False,
    )
    log_in(Client())
    assert User.objects.count() == 1
    assert [each.act for each in Entry.objects.order_by("pk")] == [
        Act.ACCOUNT_MADE,
        Act.IDENTITY_CONNECTED,
        Act.LOGGED_IN,
        Act.LOGGED_IN,
    ]
    said = client.get("/account/").content.decode()
    assert "This account has no password here" in said
    assert client.post("/account/directory/remove/").status_code == 409


def test_a_program_logs_in_by_it_too(directory, client):
    token = key_for(client).json()["access_token"]
    found = client.get("/api/auth/verify", headers={"authorization": f"Bearer {token}"})
    assert found.json()["username"] == "dora"


@pytest.mark.parametrize("password", ["wrong", "", "*", "\0"])
def test_a_wrong_password_opens_nothing(directory, client, password):
    log_in(client, password=password)
    assert not is_in(client)
    assert key_for(client, password=password).status_code in {400, 401, 422}
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name", ["*", "do*", "dora)(uid=*", "d\\6fra", " dora", "\uff44ora", "dora,x"]
)
def test_a_name_is_no_pattern_and_no_other_way_to_write_one(directory, client, name):
    assert server.confirmed(name, PASSWORD) is None


def test_whose_name_is_taken_here_gets_another_and_not_that_account(directory, client, alice):
    directory.put("alice")
    log_in(client, "alice")
    assert client.get("/account/").context["user"].username == "alice2"
    own = Client()
    log_in(own, "alice", "alice-has-a-password")
    assert own.get("/account/").context["user"] == alice


def test_without_sign_up_an_account_is_connected_by_its_owner(
    directory, client, alice_client, alice, settings
):
    settings.LDAP_SIGN_UP = False
    assert "no account here is connected" in log_in(client).content.decode()
    assert key_for(client).status_code == 403
    sent = {"username": "dora", "password": "wrong"}
    assert alice_client.post("/account/directory/", sent).status_code == 400
    sent["password"] = PASSWORD
    assert alice_client.post("/account/directory/", sent)["Location"] == "/account/"
    log_in(client)
    assert client.get("/account/").context["user"] == alice
    assert "Whoever is locked there is locked here" in client.get("/account/").content.decode()
    alice_client.post("/account/directory/remove/")
    assert not Identity.objects.exists()


def test_who_is_called_otherwise_there_is_the_same_person(directory, client):
    directory.put("dora", entryUUID=["one-and-the-same"])
    log_in(client)
    directory.remove("dora")
    directory.put("theodora", entryUUID=["one-and-the-same"])
    directory.put("dora")  # somebody else
    again, other = Client(), Client()
    log_in(again, "theodora")
    log_in(other, "dora")
    assert again.get("/account/").context["user"].username == "dora"
    assert other.get("/account/").context["user"].username == "dora2"


def test_groups_there_are_groups_here_and_those_made_by_hand_stay(directory, client, settings):
    settings.LDAP_GROUP_FILTER = "(cn=chat-*)"
    by_hand = Group.objects.create(name="chat-legal")
    for name, members in {"chat-legal": ["dora"], "chat-it": ["dora"], "payroll": ["dora"]}.items():
        directory.group(name, members)
    log_in(client)
    assert names(dora()) == ["chat-it", "chat-legal2"]
    dora().groups.add(by_hand)
    directory.group("chat-it", [])
    log_in(Client())
    assert names(dora()) == ["chat-legal", "chat-legal2"]


def names(user):
    return sorted(user.groups.values_list("name", flat=True))


def test_a_group_called_keepers_makes_nobody_a_keeper(directory, client):
    directory.group("Keepers", ["dora"])
    log_in(client)
    assert not dora().is_staff
    assert dora().get_all_permissions() == set()


def test_groups_that_may_not_be_read_stay_as_they_are(directory, client, settings):
    directory.group("team", ["dora"])
    log_in(client)
    settings.LDAP_GROUP_BASE = f"ou=nowhere,{BASE}"
    assert log_in(Client())["Location"] == "/"
    assert names(dora()) == ["team"]


@pytest.mark.parametrize("how", ["removed", "locked", "disabled"])
def test_who_goes_there_is_locked_here_by_the_next_look(directory, client, how):
    directory.put("emil")
    directory.put("dora", entryUUID=["doras"])
    log_in(client)
    marks = {"locked": {"nsAccountLock": ["TRUE"]}, "disabled": {"userAccountControl": ["514"]}}
    if how == "removed":
        directory.remove("dora")
    else:
        directory.put("dora", entryUUID=["doras"], **marks[how])
    assert is_in(client)
    syncing.sync()
    assert not is_in(client)
    assert not dora().is_active
    assert log_in(client).status_code == 200
    directory.put("dora", entryUUID=["doras"])
    syncing.sync()
    assert dora().is_active


def test_a_lock_that_was_put_by_hand_stays(directory, client):
    log_in(client)
    User.objects.update(is_active=False)
    syncing.sync()
    assert not dora().is_active
    assert "locked" in log_in(client).content.decode()
    assert not is_in(client)


def test_a_look_that_finds_nobody_locks_nobody(directory, client, settings):
    log_in(client)
    settings.LDAP_FILTER = "(employeeNumber={name})"
    syncing.sync()
    assert dora().is_active
    settings.LDAP_BASE = f"ou=gone,{BASE}"
    syncing.sync()
    assert dora().is_active


def test_the_next_look_also_sees_to_groups(directory, client):
    log_in(client)
    directory.group("team", ["dora"])
    syncing.sync()
    assert names(dora()) == ["team"]


def test_it_is_looked_at_once_in_its_minutes(directory, settings):
    assert [syncing.due(), syncing.due()] == [True, False]
    settings.LDAP_SERVER = ""
    assert not syncing.due()


def test_the_second_factor_is_asked_for_all_the_same(directory, client):
    log_in(client)
    factor.begin(dora())
    factor.confirm(dora(), code_of(dora()))
    other = Client()
    assert log_in(other)["Location"] == "/login/code/"
    assert not is_in(other)
    assert key_for(other).json()["error"] == "code_needed"


def test_wrong_passwords_cost_time_here_too(directory, client, alice_client):
    for _ in range(throttle.TRIES):
        log_in(client, password="wrong")
    assert "Too many wrong passwords" in log_in(client).content.decode()
    sent = {"username": "dora", "password": PASSWORD}
    assert alice_client.post("/account/directory/", sent).status_code == 429
    failed = Entry.objects.filter(act=Act.LOG_IN_FAILED)
    assert failed.count() == throttle.TRIES


def test_while_it_is_away_that_is_said_and_accounts_of_ours_log_in(
    directory, client, alice, settings
):
    settings.LDAP_SERVER = "ldap://127.0.0.1:9"
    assert "does not answer" in log_in(client).content.decode()
    answer = key_for(client)
    assert (answer.status_code, answer.json()["error"]) == (503, "directory_unreachable")
    log_in(client, "alice", "alice-has-a-password")
    assert is_in(client)


def test_a_template_needs_nobody_who_looks_people_up(directory, client, settings):
    settings.LDAP_BIND_DN = settings.LDAP_BIND_PASSWORD = ""
    settings.LDAP_DN_TEMPLATE = f"uid={{name}},{PEOPLE}"
    directory.group("team", ["dora"])
    log_in(client, password="wrong")
    assert not is_in(client)
    log_in(client)
    assert names(dora()) == ["team"]
    assert not syncing.due()


@pytest.mark.parametrize("road", ["ldaps", "starttls"])
def test_it_is_asked_by_tls_and_its_certificate_is_verified(directory, settings, road):
    port = directory.tls if road == "ldaps" else directory.plain
    scheme = "ldaps" if road == "ldaps" else "ldap"
    settings.LDAP_ENCRYPTION = "" if road == "ldaps" else "starttls"
    settings.LDAP_SERVER = f"{scheme}://localhost:{port}"
    assert server.confirmed("dora", PASSWORD)
    settings.LDAP_SERVER = f"{scheme}://127.0.0.1:{port}"  # its certificate is for the name
    with pytest.raises(server.DirectoryAway):
        server.confirmed("dora", PASSWORD)
    settings.LDAP_SERVER, settings.LDAP_CA_FILE = f"{scheme}://localhost:{port}", ""
    with pytest.raises(server.DirectoryAway):
        server.confirmed("dora", PASSWORD)


def test_plain_text_goes_to_this_machine_alone_or_where_it_is_said(directory, settings):
    assert not server._starts_tls()
    settings.LDAP_SERVER = "ldap://directory.example.org"
    assert server._starts_tls()
    settings.LDAP_ENCRYPTION = "plain"
    assert not server._starts_tls()


def test_an_id_of_bytes_is_known_as_active_directory_writes_it(settings):
    settings.LDAP_ID = "objectGUID"
    kept = server._id({"objectguid": [bytes(range(16))]})
    assert kept == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    assert server._id_in_filter(kept) == "".join(f"\\{n:02x}" for n in range(16))


def test_no_password_is_logged_or_kept(directory, client, caplog, settings):
    with caplog.at_level(0):
        log_in(client)
        log_in(Client(), password="wrong-but-secret")
        settings.LDAP_SERVER = "ldap://127.0.0.1:9"
        log_in(Client(), password="wrong-but-secret")
    assert PASSWORD not in caplog.text
    assert "wrong-but-secret" not in caplog.text
    assert READERS_PASSWORD not in caplog.text
    assert PASSWORD not in str(list(User.objects.values()) + list(Identity.objects.values()))
