"""The directory that is set: whose name and password belong together there, and who is in it.

ldap3 does the protocol. Certificates are verified; nothing but binds and searches is sent.
"""

import logging
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from unicodedata import normalize
from urllib.parse import urlsplit
from uuid import UUID

import ldap3
from django.conf import settings
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

from localchat.lib import environment
from localchat.lib.errors import LocalChatError

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5
SECONDS = 10  # for each answer
BINARY_ID = "objectguid"  # Active Directory's: 16 bytes
# What says of an entry that it is locked: 389 and FreeIPA, Active Directory, OpenLDAP's ppolicy.
LOCKS = ("nsAccountLock", "userAccountControl", "pwdAccountLockedTime")
DISABLED = 2  # of userAccountControl
FOR_GOOD = "000001010000Z"  # of pwdAccountLockedTime
NO_LONGER_THERE, TOO_MANY = 32, 4  # results of a search
AWAY = {1, 2, 51, 52, 80}  # results of a bind that say nothing of the password
USUAL = re.compile(r"[\w.@+-]{1,150}")

Found = dict[str, list[bytes]]  # attributes by their names in small letters


class DirectoryAway(LocalChatError):
    """The directory that knows the passwords does not answer. Please try again in a moment.
    Accounts that have a password on this server can log in meanwhile.
    """

    status, code = 503, "directory_unreachable"


class Team(NamedTuple):
    subject: str
    name: str


class Entry(NamedTuple):
    subject: str  # LDAP_ID, which stays when somebody is renamed or moved
    dn: str
    name: str
    is_locked: bool
    teams: tuple[Team, ...] | None  # None: nobody looked at groups


def confirmed(name: str, password: str) -> Entry | None:
    """Who is called so there, if that is their password. Raises DirectoryAway.

    Only names that could be those of accounts are asked for: a directory would take some that
    are written otherwise for the same, and each would have tries of its own.
    """
    if (
        not password.isprintable()
        or not password
        or not USUAL.fullmatch(name)
        or normalize("NFKC", name) != name
    ):
        return None
    if settings.LDAP_DN_TEMPLATE:
        return _by_template(name, password)
    with _looking_up() as looked_up:
        found = _only(_search(looked_up, settings.LDAP_BASE, _people(name)))
        if found is None:
            return None
        with _opened(found[0], password) as own:
            return _entry(looked_up, *found) if own else None


def still_there(subjects: Iterable[str]) -> dict[str, Entry]:
    """Those of these people that the filter still finds. Raises DirectoryAway."""
    wanted = "".join(f"({settings.LDAP_ID}={_id_in_filter(each)})" for each in subjects)
    with _looking_up() as looked_up:
        found = _search(looked_up, settings.LDAP_BASE, f"(&{_people()}(|{wanted}))")
        entries = [_entry(looked_up, dn, facts) for dn, facts in found]
    return {each.subject: each for each in entries if each is not None}


def has_people() -> bool:
    """Whether anybody is found at all: or else the search is wrong. Raises DirectoryAway."""
    with _looking_up() as looked_up:
        return bool(_search(looked_up, settings.LDAP_BASE, _people(), most=1))


def _by_template(name: str, password: str) -> Entry | None:
    own_name = settings.LDAP_DN_TEMPLATE.replace("{name}", escape_rdn(name))
    is_dn = "=" in settings.LDAP_DN_TEMPLATE
    base, scope = (own_name, ldap3.BASE) if is_dn else (settings.LDAP_BASE, ldap3.SUBTREE)
    with _opened(own_name, password) as own:
        if own is None:
            return None
        found = _only(_search(own, base, _people(name), scope=scope))
        return _entry(own, *found) if found else None


def _people(name: str = "") -> str:
    """A filter for whoever is called so; for all people."""
    escaped = escape_filter_chars(name) if name else "*"
    return str(settings.LDAP_FILTER.replace("{name}", escaped))


@contextmanager
def _looking_up() -> Iterator[Any]:
    with _opened(settings.LDAP_BIND_DN, settings.LDAP_BIND_PASSWORD) as found:
        if found is None:
            logger.error("the directory refuses LDAP_BIND_DN")
            raise DirectoryAway
        yield found


@contextmanager
def _opened(dn: str, password: str) -> Iterator[Any]:
    """A connection as this entry, or as nobody; None: the password is wrong."""
    connection = None
    try:
        connection = ldap3.Connection(
            _server(),
            dn or None,
            password or None,
            read_only=True,
            check_names=False,
            auto_referrals=False,
            receive_timeout=SECONDS,
        )
        connection.open()
        if _starts_tls():
            connection.start_tls()
        is_right = connection.bind()
        if not is_right and connection.result["result"] in AWAY:
            raise DirectoryAway
        yield connection if is_right else None
    except (LDAPException, OSError) as error:
        logger.warning("the directory failed: %s", type(error).__name__)
        raise DirectoryAway from None  # what the library says may have the password in it
    finally:
        if connection is not None:
            _close(connection)


def _close(connection: Any) -> None:
    with suppress(LDAPException, OSError):
        connection.unbind()
    if connection.socket is not None:  # the library leaves one that came to nothing
        connection.socket.close()


def _server() -> Any:
    parts = urlsplit(settings.LDAP_SERVER)
    return ldap3.Server(
        parts.hostname,
        port=parts.port,
        use_ssl=parts.scheme == "ldaps",
        tls=Verified(),
        mode=ldap3.IP_V4_PREFERRED,
        get_info=ldap3.NONE,
        connect_timeout=CONNECT_SECONDS,
        allowed_referral_hosts=[],
    )


class Verified(ldap3.Tls):
    """Certificate and host name are looked at by Python's own rules, not by the library's."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        context = ssl.create_default_context(cafile=settings.LDAP_CA_FILE or None)
        host = connection.server.host
        connection.socket = context.wrap_socket(connection.socket, server_hostname=host)


def _starts_tls() -> bool:
    """Of ldap://: always, but on this machine, or where plain text is asked for by name."""
    parts = urlsplit(settings.LDAP_SERVER)
    if parts.scheme == "ldaps" or settings.LDAP_ENCRYPTION == "plain":
        return False
    is_here = environment.is_loopback(parts.hostname or "")
    return settings.LDAP_ENCRYPTION == "starttls" or not is_here


def _search(
    connection: Any, base: str, wanted: str, *, most: int = 0, scope: str = ldap3.SUBTREE
) -> list[tuple[str, Found]]:
    """DN and attributes of each entry. Raises DirectoryAway where the base is not there."""
    attributes = [settings.LDAP_ID, settings.LDAP_NAME, "cn", *LOCKS]
    connection.search(
        base, wanted, scope, attributes=attributes, size_limit=most, time_limit=SECONDS
    )
    if (code := connection.result["result"]) not in {0, TOO_MANY}:
        logger.error("the directory does not search: %s", connection.result["description"])
        if code != NO_LONGER_THERE or scope == ldap3.SUBTREE:
            raise DirectoryAway
    entries = [each for each in connection.response or [] if each["type"] == "searchResEntry"]
    return [
        (each["dn"], {name.lower(): value for name, value in each["raw_attributes"].items()})
        for each in entries
    ]


def _only(found: list[tuple[str, Found]]) -> tuple[str, Found] | None:
    """Whom several would be, nobody is."""
    if len(found) > 1:
        logger.warning("the directory has several entries of one name")
    return found[0] if len(found) == 1 else None


def _entry(connection: Any, dn: str, facts: Found) -> Entry | None:
    """None for one without the attribute by which it would be known."""
    subject, name = _id(facts), _text(facts, settings.LDAP_NAME)
    if not subject:
        logger.error("an entry of the directory has no %s", settings.LDAP_ID)
        return None
    teams = _teams(connection, dn, name) if settings.LDAP_GROUP_BASE else None
    return Entry(subject, dn, name, _is_locked(facts), teams)


def _teams(connection: Any, dn: str, name: str) -> tuple[Team, ...] | None:
    """None where they may not be read: then groups here stay as they are."""
    member, uid = escape_filter_chars(dn), escape_filter_chars(name)
    belongs = f"(|(member={member})(uniqueMember={member})(memberUid={uid}))"
    wanted = f"(&{settings.LDAP_GROUP_FILTER}{belongs})"
    try:
        found = _search(connection, settings.LDAP_GROUP_BASE, wanted)
    except DirectoryAway:
        return None
    teams = [Team(_id(facts), _text(facts, "cn")) for _, facts in found]
    return tuple(each for each in teams if each.subject and each.name)


def _is_locked(facts: Found) -> bool:
    control = _text(facts, "userAccountControl")
    return (
        _text(facts, "nsAccountLock").lower() == "true"
        or (control.isdigit() and bool(int(control) & DISABLED))
        or _text(facts, "pwdAccountLockedTime") == FOR_GOOD
    )


def _text(facts: Found, name: str) -> str:
    values = facts.get(name.lower()) or [b""]
    return values[0].decode(errors="replace").replace("\0", "")


def _id(facts: Found) -> str:
    values = facts.get(settings.LDAP_ID.lower()) or [b""]
    if settings.LDAP_ID.lower() == BINARY_ID and len(values[0]) == 16:
        return str(UUID(bytes_le=values[0]))
    return _text(facts, settings.LDAP_ID)[:255]


def _id_in_filter(subject: str) -> str:
    if settings.LDAP_ID.lower() == BINARY_ID:
        return "".join(f"\\{byte:02x}" for byte in UUID(subject).bytes_le)
    return str(escape_filter_chars(subject))
