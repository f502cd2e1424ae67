"""In the admin everybody does what they have the right to, and nothing beside."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.test import Client, RequestFactory

from chat.models import Conversation
from localchat.accounts.invitations.keepers import make_keeper
from localchat.accounts.second_factor import factor
from models_mgmt.models import Pull
from tests.factories import make_document


def give(user, *names):
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def carol(db):
    return User.objects.create_user("carol", is_staff=True, password="carol-has-a-password")


def own():
    return [(model, each) for model, each in admin.site._registry.items() if each.actions]


@pytest.mark.parametrize("reads", [True, False])
def test_a_reader_is_offered_no_action(carol, reads, settings):
    """Whatever is added later has to say which right it uses."""
    settings.OWNER_MODE = False
    if reads:
        carol.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=carol.pk)
    offered = {str(model): list(each.get_actions(request)) for model, each in own()}
    assert len(offered) >= 3
    assert {name for name, actions in offered.items() if actions} == set()


def test_to_pull_again_needs_the_right_to_pull(carol, alice, settings):
    settings.OWNER_MODE = False
    give(carol, "view_pull", "change_pull")
    pull = Pull.objects.create(owner=alice, name="llama3.2:1b", status="failed")
    form = {"action": "pull_again", "_selected_action": [pull.pk]}
    client_of(carol).post("/admin/models_mgmt/pull/", form)
    assert Pull.objects.count() == 1


def test_staff_without_the_right_neither_pull_nor_remove_models(carol, settings, engine_server):
    settings.OWNER_MODE = False
    client = client_of(carol)
    for method, road in (("post", "pull"), ("post", "unload"), ("delete", "delete")):
        send = getattr(client, method)
        answer = send(f"/api/models/{road}", {"model": "x"}, content_type="application/json")
        assert answer.status_code == 403, road


def test_an_account_is_deleted_only_with_the_right_to_what_goes_with_it(carol, alice):
    make_document(alice, "hers.pdf", ["Words."])
    give(carol, "view_user", "delete_user")
    road = f"/admin/auth/user/{alice.pk}/delete/"
    assert client_of(carol).post(road, {"post": "yes"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": [alice.pk], "post": "yes"}
    client_of(carol).post("/admin/auth/user/", form)
    assert User.objects.filter(pk=alice.pk).exists()
    give(carol, "delete_document", "delete_collection")
    assert client_of(carol).post(road, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=alice.pk).exists()


def test_who_may_change_accounts_gives_nobody_rights(carol, alice):
    give(carol, "view_user", "change_user")
    fields = {"username": "carol", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    more = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}
    road = f"/admin/auth/user/{carol.pk}/change/"
    assert client_of(carol).post(road, {**fields, **more}).status_code == 302
    carol.refresh_from_db()
    assert (carol.is_active, carol.is_staff, carol.is_superuser) == (True, True, False)


def test_who_may_change_accounts_changes_no_superuser(carol, owner):
    give(carol, "view_user", "change_user", "delete_user")
    client = client_of(carol)
    for road in ("change", "password", "delete"):
        url = f"/admin/auth/user/{owner.pk}/{road}/"
        assert client.post(url, {"username": "carols", "post": "yes"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": [owner.pk], "post": "yes"}
    client.post("/admin/auth/user/", form)
    owner.refresh_from_db()
    assert owner.username == "owner"


def test_no_list_is_asked_for_what_it_does_not_show(carol, alice):
    """Django takes a filter for any column, by which its text is found letter by letter."""
    Conversation.objects.create(owner=alice, title="Of the harbour", instructions="Be brief")
    factor.begin(alice)
    carol.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    client = client_of(carol)
    for model, shown in admin.site._registry.items():
        road = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        by = {str(each) for each in shown.list_filter}
        columns = {field.name for field in model._meta.concrete_fields} - by
        open_ = {
            name
            for name in columns
            if client.get(road, {f"{name}__isnull": "0"}).status_code != 400
        }
        assert open_ == set(), road
        for name in by:
            assert client.get(road, {f"{name}__isnull": "0"}).status_code == 200, (road, name)


def test_who_may_change_groups_gives_none_of_them_rights(carol):
    give(carol, "view_group", "add_group", "change_group")
    group = Group.objects.create(name="Board")
    carol.groups.add(group)
    every = list(Permission.objects.values_list("pk", flat=True))
    fields = {"name": "The board", "permissions": every}
    client = client_of(carol)
    assert client.post(f"/admin/auth/group/{group.pk}/change/", fields).status_code == 302
    assert client.post("/admin/auth/group/add/", {**fields, "name": "More"}).status_code == 302
    given = Group.objects.values_list("name", "permissions")
    assert sorted(given) == [("More", None), ("The board", None)]


def test_who_may_change_accounts_has_none_that_may_more(carol, bob):
    """Its password would be enough."""
    make_keeper(bob)
    give(carol, "view_user", "change_user")
    password = {"password1": "Carol-has-chosen-1", "password2": "Carol-has-chosen-1"}
    for road in ("change", "password"):
        url = f"/admin/auth/user/{bob.pk}/{road}/"
        answer = client_of(carol).post(url, {**password, "usable_password": "true"})
        assert answer.status_code == 403
    assert client_of(carol).get(f"/admin/auth/user/{carol.pk}/password/").status_code == 200


def test_nobody_is_called_as_the_owner(carol, alice):
    give(carol, "view_user", "change_user", "add_user")
    fields = {"username": "Owner", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    password = {"password1": "Carol-has-chosen-1", "password2": "Carol-has-chosen-1"}
    client = client_of(carol)
    client.post(f"/admin/auth/user/{alice.pk}/change/", fields)
    client.post("/admin/auth/user/add/", {**fields, **password, "usable_password": "true"})
    assert not User.objects.filter(username__iexact="owner").exists()


def test_a_second_factor_is_removed_in_the_admin_and_made_by_its_person_alone(carol, alice):
    device = factor.begin(alice)
    names = ("totpdevice", "staticdevice")
    give(
        carol, *(f"{verb}_{name}" for verb in ("view", "add", "change", "delete") for name in names)
    )
    client = client_of(carol)
    for name in ("totp/totpdevice", "static/staticdevice"):
        assert client.get(f"/admin/otp_{name}/add/").status_code == 403
    road = f"/admin/otp_totp/totpdevice/{device.pk}"
    assert client.post(f"{road}/change/", {"name": "mine"}).status_code == 403
    assert client.post(f"{road}/delete/", {"post": "yes"}).status_code == 302
    assert not factor.begun(alice)
