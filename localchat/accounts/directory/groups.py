"""Groups of the directory, and who of the people here is in them."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, User

from localchat.accounts.directory.server import Team
from localchat.accounts.identities import connecting
from localchat.accounts.identities.models import DIRECTORY, GroupIdentity


def settle(user: User, teams: Iterable[Team]) -> None:
    """The person is in these and in no other group of the directory; those made by hand stay."""
    wanted = {_group(team) for team in teams}
    has = set(user.groups.filter(identity__issuer=DIRECTORY))
    if has - wanted:
        user.groups.remove(*has - wanted)
    if wanted - has:
        user.groups.add(*wanted - has)


def _group(team: Team) -> Group:
    """One that is called the same and was made by hand is another one."""
    known = GroupIdentity.objects.of(DIRECTORY).filter(subject=team.subject)
    found = known.select_related("group").first()
    return found.group if found else connecting.make_group(DIRECTORY, team.subject, team.name)
