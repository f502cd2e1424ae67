"""Accounts and groups by SCIM, in the requests that Entra and Okta send."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from localchat.accounts import api_keys
from localchat.accounts.audit.models import Act, Entry
from localchat.accounts.identities import connecting
from localchat.accounts.identities.models import DIRECTORY, Identity
from localchat.lib.errors import BadRequest
from tests.accounts.identity_provider import GROUP, USER, Provider, as_wsgi, values
from tests.accounts.test_login import is_in

OF_ENTRA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def admin(db, settings):
    settings.OWNER_MODE = False
    return User.objects.create_superuser("root", password="of-the-superuser")


@pytest.fixture
def token(admin):
    return api_keys.make(admin, "Okta", ["people"]).token


@pytest.fixture
def provider(token):
    return Provider(token)


TESTED = {"discovery", "misc"}  # all of them, patches too, take a minute


def test_the_testers_of_the_standard_find_nothing_wrong(token, client):
    tester = WSGISCIMClient(
        as_wsgi(client),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {token}"},
    )
    found = check_server(tester, include_tags=TESTED)
    wrong = [f"{each.title}: {each.reason}" for each in found if each.status == Status.ERROR]
    assert wrong == []
    assert len([each for each in found if each.status == Status.SUCCESS]) > 20


def test_entra_makes_an_account_and_locks_it(provider):
    body = {
        "schemas": [USER, OF_ENTRA],
        "externalId": "58342554-38d6-4ec8-948c-50044d0a33fd",
        "userName": "Dora@example.org",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": "dora@example.org"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Dora Doe", "familyName": "Doe", "givenName": "Dora"},
        "roles": [],
        OF_ENTRA: {"department": "Archive"},
    }
    made = provider.ask("POST", "Users", body, 201)
    user = User.objects.get(username="Dora@example.org")
    assert (made["id"], made["active"], made["name"]["givenName"]) == (str(user.pk), True, "Dora")
    assert not any([user.is_staff, user.is_superuser, user.has_usable_password()])
    assert provider.named("dora@EXAMPLE.org")["externalId"] == body["externalId"]
    lock = {"op": "Replace", "path": "active", "value": "False"}
    more = {"op": "Add", "path": 'emails[type eq "work"].value', "value": "d@example.org"}
    assert provider.patch(made, lock, more)["active"] is False
    user.refresh_from_db()
    assert not user.is_active


def test_okta_makes_an_account_and_locks_it(provider):
    body = {
        "name": {"givenName": "Emil", "familyName": "Roe"},
        "emails": [{"primary": True, "value": "emil@example.org", "type": "work"}],
        "displayName": "Emil Roe",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": True,
    }
    assert provider.ask("GET", 'Users?filter=userName eq "emil"&startIndex=1&count=100') == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 0,
        "startIndex": 1,
        "itemsPerPage": 0,
        "Resources": [],
    }
    made = provider.person("emil", **body)
    assert not User.objects.get(username="emil").has_usable_password()
    found = provider.ask("GET", 'Users?filter=externalId eq "00ujl29u0le5T6Aj10h7"')
    assert [each["id"] for each in found["Resources"]] == [made["id"]]
    whole = {**made, "name": {"givenName": "Emilia"}}
    assert provider.ask("PUT", f"Users/{made['id']}", whole)["name"] == {"givenName": "Emilia"}
    locked = provider.patch(made, {"op": "replace", "value": {"active": False}})
    assert locked["active"] is False
    assert provider.patch(made, {"op": "replace", "value": {"active": True}})["active"] is True


def test_a_lock_ends_every_log_in_and_key_at_once(provider):
    made = provider.person("dora")
    user, browser = User.objects.get(username="dora"), Client()
    browser.force_login(user)
    key = {"authorization": f"Bearer {api_keys.make(user, 'a tool', ['read']).token}"}
    assert is_in(browser)
    provider.patch(made, {"op": "replace", "path": "active", "value": False})
    assert not is_in(browser)
    assert Client().get("/api/conversations", headers=key).status_code == 401


def test_a_lock_that_was_put_by_hand_stays(provider):
    made = provider.person("dora")
    User.objects.filter(username="dora").update(is_active=False)
    told = provider.patch(
        made, {"op": "replace", "value": {"active": True, "name": {"givenName": "D"}}}
    )
    assert told["active"] is False


def test_what_was_made_by_hand_is_changed_only_where_an_external_id_names_it(provider, alice):
    found = provider.named("alice")
    lock = {"op": "replace", "path": "active", "value": False}
    assert "made by hand" in provider.patch(found, lock, status=403)["detail"]
    provider.ask("DELETE", f"Users/{found['id']}", status=403)
    provider.ask("POST", "Users", {"schemas": [USER], "userName": "ALICE"}, 409)
    assert User.objects.get(pk=alice.pk).is_active
    provider.patch(found, {"op": "add", "path": "externalId", "value": "7"}, lock)
    assert not User.objects.get(pk=alice.pk).is_active
    assert Entry.objects.filter(act=Act.IDENTITY_CONNECTED, number=alice.pk).exists()


def test_superusers_are_not_there(provider, admin):
    assert "root" not in str(provider.ask("GET", "Users"))
    for method in ("GET", "DELETE"):
        provider.ask(method, f"Users/{admin.pk}", status=404)
    provider.ask("POST", "Users", {"schemas": [USER], "userName": "root"}, 409)


def test_it_gives_no_rights(provider):
    rights = {"is_superuser": True, "is_staff": True, "roles": [{"value": "admin"}]}
    made = provider.person("dora", **rights)
    provider.ask("POST", "Groups", {"schemas": [GROUP], "displayName": "Team"}, 201)
    user = User.objects.get(pk=made["id"])
    assert not any([user.is_staff, user.is_superuser, user.get_all_permissions()])


def test_groups_by_hand_are_not_there_and_not_taken(provider):
    keepers = Group.objects.create(name="Keepers")
    keepers.permissions.set(Permission.objects.all()[:3])
    assert provider.ask("GET", "Groups")["totalResults"] == 0
    provider.ask("GET", f"Groups/{keepers.pk}", status=404)
    provider.ask("POST", "Groups", {"schemas": [GROUP], "displayName": "keepers"}, 409)
    team = provider.group("Team")
    provider.patch(team, {"op": "replace", "path": "displayName", "value": "Keepers"}, status=409)


def test_members_come_and_go_as_entra_and_okta_send_them(provider, alice):
    dora, emil = provider.person("dora"), provider.person("emil")
    team = provider.group("Team", dora)
    assert members(team) == ["dora"]
    provider.patch(team, {"op": "Add", "path": "members", "value": values(emil)})
    assert members(team) == ["dora", "emil"]
    provider.patch(team, {"op": "Remove", "path": "members", "value": values(dora)})
    assert members(team) == ["emil"]
    provider.patch(team, {"op": "add", "path": "members", "value": values(dora)})
    gone = {"op": "remove", "path": f'members[value eq "{emil["id"]}"]'}
    renamed = {"op": "replace", "value": {"id": team["id"], "displayName": "Archive"}}
    provider.patch(team, gone, renamed)
    assert members(team) == ["dora"]
    assert Group.objects.get(pk=team["id"]).name == "Archive"
    body = {"schemas": [GROUP], "displayName": "Archive", "members": values(emil)}
    provider.ask("PUT", f"Groups/{team['id']}", body)
    assert members(team) == ["emil"]
    by_hand = {"op": "add", "path": "members", "value": [{"value": str(alice.pk)}]}
    assert provider.patch(team, by_hand, status=400)["scimType"] == "invalidValue"
    provider.ask("DELETE", f"Groups/{team['id']}", status=204)
    assert not Group.objects.filter(pk=team["id"]).exists()
    acts = set(Entry.objects.filter(kind="group").values_list("act", flat=True))
    assert acts == {Act.GROUP_MADE, Act.GROUP_CHANGED, Act.GROUP_DELETED}


def members(group):
    return sorted(Group.objects.get(pk=group["id"]).user_set.values_list("username", flat=True))


def test_lists_come_a_page_at_a_time(provider):
    for n in range(5):
        provider.person(f"person{n}")
    page = provider.ask("GET", 'Users?startIndex=2&count=2&filter=userName sw "person"')
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert [each["userName"] for each in page["Resources"]] == ["person1", "person2"]
    assert provider.ask("GET", "Users?count=0")["totalResults"] == 5
    short = provider.ask("GET", "Users?attributes=userName&count=1")["Resources"][0]
    assert set(short) == {"schemas", "id", "userName"}
    team = provider.group("Team", provider.named("person1"))
    bare = provider.ask("GET", 'Groups?excludedAttributes=members&filter=displayName eq "Team"')[
        "Resources"
    ]
    assert [("members" in each, each["id"]) for each in bare] == [(False, team["id"])]


def test_who_is_deleted_is_locked_and_comes_back_only_as_the_same(provider):
    made = provider.person("dora", externalId="7")
    provider.ask("DELETE", f"Users/{made['id']}", status=204)
    assert not User.objects.get(pk=made["id"]).is_active
    provider.ask("GET", f"Users/{made['id']}", status=404)
    assert provider.ask("GET", "Users")["totalResults"] == 0
    other = {"schemas": [USER], "userName": "dora", "externalId": "8"}
    provider.ask("POST", "Users", other, 409)
    again = provider.person("dora", externalId="7")
    assert (again["id"], again["active"]) == (made["id"], True)


def test_who_was_provisioned_comes_in_elsewhere_by_the_same_number(provider):
    made = provider.person("dora", externalId="the-number-of-dora")
    found = connecting.find(DIRECTORY, "the-number-of-dora")
    assert str(found.pk) == made["id"]
    assert Identity.objects.filter(user=found).count() == 2
    assert connecting.find("https://login.example.org", "another") is None


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"schemas": []}',
        '{"userName": "a b"}',
        '{"userName": "\\u0000"}',
        '{"userName": "\\ud800"}',
        '{"userName": 7, "active": "perhaps"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_account_is_refused_in_scims_own_words(provider, body):
    answer = provider.client.post("/scim/v2/Users", body, content_type="application/scim+json")
    assert answer.status_code == 400
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


@pytest.mark.parametrize("wish", ["filter=userName", "filter=nobody eq 1", "startIndex=x"])
def test_so_is_a_filter_that_is_none(provider, wish):
    provider.ask("GET", f"Users?{wish}", status=400)


def test_only_a_superuser_makes_such_a_key_and_it_ends_with_that(admin, alice, token, client):
    with pytest.raises(BadRequest):
        api_keys.make(alice, "mine", ["people"])
    client.force_login(alice)
    assert "people:" not in client.get("/api-keys/").content.decode()
    client.force_login(admin)
    assert "people:" in client.get("/api-keys/").content.decode()
    body = {"username": "root", "password": "of-the-superuser"}
    made = client.post("/api/auth/login", body, content_type="application/json").json()
    key = {"authorization": f"Bearer {made['access_token']}"}
    assert Client().get("/scim/v2/Users", headers=key).status_code == 403
    assert client.get("/scim/v2/Users").status_code == 401  # being logged in is not enough
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    answer = Client().get("/scim/v2/Users", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403
