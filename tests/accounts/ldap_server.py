"""A directory: ldaptor on loopback, as a process of its own.

Run with a folder and two ports: of ldap:// with StartTLS, and of ldaps://. The folder gets
`ca.pem`, by which its certificate is known. Whoever logs in may change everything.
"""

import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from ldaptor.inmemory import ReadOnlyInMemoryLDAPEntry
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols import pureldap
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import reactor, ssl
from twisted.internet.protocol import Factory
from twisted.python.components import registerAdapter

from tests.accounts.ldap_names import BASE, READERS_PASSWORD

START_TLS = b"1.3.6.1.4.1.1466.20037"


class Server(LDAPServer):
    def extendedRequest_LDAPStartTLS(self, data, reply):
        reply(pureldap.LDAPExtendedResponse(resultCode=0, responseName=START_TLS))
        self.transport.startTLS(self.factory.options)

    extendedRequest_LDAPStartTLS.oid = START_TLS


class Directory(Factory):
    protocol = Server

    def __init__(self, root, options):
        self.root, self.options = root, options


def certificate(folder: Path) -> ssl.CertificateOptions:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "ca.pem").write_bytes(pem)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return ssl.PrivateCertificate.loadPEM(secret + pem).options()


def tree() -> ReadOnlyInMemoryLDAPEntry:
    root = ReadOnlyInMemoryLDAPEntry(BASE, {"objectClass": ["domain"]})
    for unit in ("people", "groups"):
        root.addChild(f"ou={unit}", {"objectClass": ["organizationalUnit"], "ou": [unit]})
    reader = {"objectClass": ["person"], "cn": ["reader"], "userPassword": [READERS_PASSWORD]}
    root.addChild("cn=reader", reader)
    return root


def main() -> None:
    folder, *ports = Path(sys.argv[1]), *map(int, sys.argv[2:])
    root, options = tree(), certificate(folder)
    registerAdapter(lambda factory: factory.root, Directory, IConnectedLDAPEntry)
    reactor.listenTCP(ports[0], Directory(root, options), interface="127.0.0.1")
    reactor.listenSSL(ports[1], Directory(root, options), options, interface="127.0.0.1")
    reactor.run()


if __name__ == "__main__":
    main()
