"""Debian's nginx with TLS in front of a web process of ours, as docs/keeping.md has it."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GUIDE = Path(__file__).parent.parent / "docs" / "keeping.md"
MISSING = "nginx is not installed: nobody looked at the pages behind a proxy"
FRAME = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
worker_processes 1;
{user}
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


def program() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found:
        return found
    if os.environ.get("REQUIRE_NGINX") == "1":
        pytest.fail("REQUIRE_NGINX=1, but there is no nginx on this machine.")
    pytest.skip(MISSING)


class Nginx:
    """`ours` is the port of the web process, `port` that of nginx."""

    def __init__(self, folder: Path, port: int, ours: int) -> None:
        self.folder, self.port, self.ours = folder, port, ours
        self.process: subprocess.Popen[bytes] | None = None
        self.program = program()
        certificate(folder)

    def serve(self, *changes: tuple[str, str]) -> None:
        """As the guide says, but for the changes; what ran before ends."""
        self.close()
        site = site_of_the_guide(self.folder, self.port, self.ours)
        for old, new in changes:
            assert re.search(old, site), f"the guide does not say {old}"
            site = re.sub(old, new, site)
        user = "user root;" if os.getuid() == 0 else ""
        config = self.folder / "nginx.conf"
        config.write_text(FRAME.format(folder=self.folder, user=user, site=site))
        log = self.folder / "error.log"
        command = [self.program, "-e", str(log), "-p", str(self.folder), "-c", str(config)]
        self.process = subprocess.Popen(command)
        self._wait()

    def close(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise AssertionError((self.folder / "error.log").read_text())


def site_of_the_guide(folder: Path, port: int, ours: int) -> str:
    """The guide's own lines, with this test's ports and certificate in their place."""
    site = re.search(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)[1]
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server_name example.org": "server_name localhost",
        "/etc/ssl/example.org": f"{folder}/localhost",
        "127.0.0.1:8000": f"127.0.0.1:{ours}",
    }.items():
        assert old in site, old
        site = site.replace(old, new)
    return site


def certificate(folder: Path) -> None:
    """For localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "localhost.pem").write_bytes(made.public_bytes(pem))
    (folder / "localhost.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
