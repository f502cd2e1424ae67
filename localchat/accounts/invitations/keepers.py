"""Keepers: accounts that invite others and look after the program, short of a superuser."""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

GROUP = "Keepers"
# None that changes accounts: by it a keeper could become a superuser.
MAY = {
    "auth": ["view_user"],
    "accounts": ["view_apikey", "change_apikey"],
    "invitations": ["add_invitation", "view_invitation", "change_invitation"],
    "audit": ["view_entry", "view_logs"],
    "documents": ["view_document", "view_collection"],
    "chat": ["view_conversation"],
    "kept_settings": ["change_setting"],
    "models_mgmt": ["view_pull", "change_pull"],
}


def make_keeper(user: User) -> None:
    """Staff of the group that has a keeper's rights; a superuser may take some from the group."""
    group, made = Group.objects.get_or_create(name=GROUP)
    if made:
        wanted = Q()
        for app, names in MAY.items():
            wanted |= Q(content_type__app_label=app, codename__in=names)
        group.permissions.set(Permission.objects.filter(wanted))
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.add(group)
