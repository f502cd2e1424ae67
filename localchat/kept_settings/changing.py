"""The front desk for settings: what is chosen is kept, told to all processes, and noted."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Now

from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.kept_settings import applying, catalogue, sealing
from localchat.kept_settings.models import Setting
from localchat.kept_settings.watching import CHANNEL


def may_change(user: User, section: catalogue.Section) -> bool:
    """Superusers all; keepers, by a right that the admin gives, what is theirs."""
    if user.is_superuser:
        return user.is_active
    return section.of_keepers and user.is_staff and user.has_perm("kept_settings.change_setting")


@transaction.atomic
def change(by: User, values: Mapping[str, Any]) -> list[str]:
    """Keep these; what is as it was delivered is kept no longer. The names of those that differ.

    Of a secret "" is none. A kept key whose server is another now is forgotten with that.
    """
    now = dict(Setting.objects.select_for_update().values_list("name", "value"))
    values = {**_orphans(values, now), **values}
    changed = [name for name, value in values.items() if _differs(name, value, now)]
    for name in changed:
        _keep(by, name, values[name])
        note(Act.SETTING_CHANGED, name)
    if changed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
        transaction.on_commit(applying.load)
    return changed


def _orphans(values: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """Keys that would go where they were not meant for."""
    after = {**now, **values}
    return {
        key: ""
        for key, places in catalogue.KEYS.items()
        if _first(places, now) != _first(places, after)
    }


def _first(places: tuple[str, ...], rows: Mapping[str, Any]) -> str:
    """The address to which the key of these places goes."""
    found = [str(applying.kept_value(name, rows)) for name in places]
    return next(filter(None, found), "")


def _differs(name: str, value: Any, now: Mapping[str, Any]) -> bool:
    if catalogue.ALL[name].kind == "secret":
        return bool(value) or name in now
    return bool(value != applying.kept_value(name, now))


def _keep(by: User, name: str, value: Any) -> None:
    if value == applying.DELIVERED[name]:
        Setting.objects.filter(pk=name).delete()
        return
    if catalogue.ALL[name].kind == "secret":
        value = sealing.sealed(value, applying.PURPOSE)
    facts = {"value": value, "changed": Now(), "changed_by": by.get_username()}
    Setting.objects.update_or_create(name=name, defaults=facts)
