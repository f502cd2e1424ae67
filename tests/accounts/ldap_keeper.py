"""The directory of `ldap_server` as its keeper sees it, who puts people in and takes them out."""

from contextlib import contextmanager
from uuid import uuid4

import ldap3

from tests.accounts.ldap_names import BASE, GROUPS, PASSWORD, PEOPLE, READER, READERS_PASSWORD


class Directory:
    def __init__(self, folder, plain, tls):
        self.ca, self.plain, self.tls = folder / "ca.pem", plain, tls

    @contextmanager
    def opened(self):
        keeper = ldap3.Connection(
            ldap3.Server("127.0.0.1", self.plain, get_info=ldap3.NONE),
            READER,
            READERS_PASSWORD,
            check_names=False,
        )
        try:
            keeper.bind()
            yield keeper
            keeper.unbind()
        finally:
            if keeper.socket:
                keeper.socket.close()

    def put(self, name, **facts):
        """Replaces who is called so."""
        usual = {"uid": [name], "cn": [name], "sn": [name], "userPassword": [PASSWORD]}
        self._put(f"uid={name},{PEOPLE}", "inetOrgPerson", {**usual, **facts})

    def group(self, name, members, **facts):
        dns = [f"uid={each},{PEOPLE}" for each in members]
        usual = {"cn": [name], "member": dns or [BASE]}
        self._put(f"cn={name},{GROUPS}", "groupOfNames", {**usual, **facts})

    def remove(self, name):
        with self.opened() as keeper:
            keeper.delete(f"uid={name},{PEOPLE}")

    def empty(self):
        with self.opened() as keeper:
            keeper.search(BASE, "(|(uid=*)(member=*))", attributes=["cn"])
            for each in list(keeper.response):
                keeper.delete(each["dn"])

    def _put(self, dn, kind, facts):
        with self.opened() as keeper:
            keeper.delete(dn)
            assert keeper.add(dn, kind, {"entryUUID": [str(uuid4())], **facts}), keeper.result
