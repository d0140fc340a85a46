"""HTTPS: what other machines reach is never plain HTTP, and the centre can make the certificate itself."""

from __future__ import annotations

import http.client
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from support.migrated import sqlite_copy
from support.served import _free_pair, settings_of
from yichuan.cli.tls import is_loopback, names_of
from yichuan.common.secret_files import write_secret
from yichuan.lib.tls import Pair, make_root, make_server, serves, sound

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
EVERYWHERE = "0.0.0.0"  # noqa: S104 - refused, or asked about; nothing listens on it
HOSTS = ["gongwen.jiangmen.example", "10.1.2.3"]


def yichuan(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yichuan.cli", *arguments]
    return subprocess.run(command, env=settings_of(home), capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def serving(home: Path) -> Iterator[int]:
    """`yichuan serve --tls`, stopped by its own id."""
    port = _free_pair()
    sqlite_copy(home / "centre" / "centre.sqlite3")  # applying the migrations is test_init's
    command = [sys.executable, "-m", "yichuan.cli", "serve", "--tls", "--name", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=settings_of(home))
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


def fetched(port: int, path: str, context: ssl.SSLContext) -> int:
    """The status of a page, asked again until the server is there."""
    deadline = time.monotonic() + 40
    while True:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        finally:
            connection.close()


def test_pages_and_feed_speak_https_with_a_certificate_of_the_centres_root(tmp_path: Path) -> None:
    with serving(tmp_path) as port:
        root = tmp_path / "secrets" / "tls" / "root.pem"
        deadline = time.monotonic() + 40
        while not root.exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        trusting = ssl.create_default_context(cafile=str(root))
        assert fetched(port, "/login/", trusting) == 200
        assert fetched(port + 1, "/feed/", trusting) == 403  # not logged in, but answered
        with pytest.raises(ssl.SSLCertVerificationError):
            fetched(port, "/login/", ssl.create_default_context())
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            plain.request("GET", "/login/")
            plain.getresponse()
        plain.close()
    for key in (tmp_path / "secrets" / "tls").glob("*.key"):
        assert key.stat().st_mode & 0o077 == 0


def test_plain_http_beyond_this_machine_is_refused_unless_a_proxy_is_named(tmp_path: Path) -> None:
    refused = yichuan(tmp_path, "serve", "--host", EVERYWHERE)
    assert refused.returncode == 2
    assert "--tls" in refused.stderr
    assert "--behind-proxy" in refused.stderr


def test_a_certificate_for_every_address_must_be_told_by_which_name_browsers_come(tmp_path: Path) -> None:
    refused = yichuan(tmp_path, "serve", "--host", EVERYWHERE, "--tls")
    assert refused.returncode == 2
    assert "--name" in refused.stderr
    assert names_of(EVERYWHERE, ("oa.example",)) == ["oa.example", "localhost", "127.0.0.1"]


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), (EVERYWHERE, False), ("::", False),
     ("10.0.0.1", False), ("localhost.example", False), ("127.0.0.1.example", False)],
)  # fmt: skip
def test_what_is_this_machine_alone(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_files_for_a_proxy_are_made_and_kept_while_they_do(tmp_path: Path) -> None:
    out = tmp_path / "proxy"
    arguments = ("tls", "--host", HOSTS[0], "--host", HOSTS[1], "--out", str(out))
    made = yichuan(tmp_path, *arguments)
    assert made.returncode == 0, made.stderr
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    assert set(before) == {"server.pem", "server.key", "root.pem"}
    assert (out / "server.key").stat().st_mode & 0o077 == 0
    assert yichuan(tmp_path, *arguments).returncode == 0
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert yichuan(tmp_path, "tls", "--host", "other.example", "--out", str(out)).returncode == 0
    after = {file.name: file.read_bytes() for file in out.iterdir()}
    assert after["root.pem"] == before["root.pem"]
    assert after["server.pem"] != before["server.pem"]


def test_the_certificate_names_its_hosts_and_nothing_else() -> None:
    root = make_root("江门市", NOW)
    server = make_server(root, HOSTS, NOW)
    certificate, above = (x509.load_pem_x509_certificate(pair.certificate) for pair in (server, root))
    certificate.verify_directly_issued_by(above)
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.DNSName) == HOSTS[:1]
    assert [str(address) for address in named.get_values_for_type(x509.IPAddress)] == HOSTS[1:]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert above.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_what_does_not_do_any_more_is_known() -> None:
    root, other = make_root("江门市", NOW), make_root("江门市", NOW)
    server = make_server(root, HOSTS, NOW)
    assert serves(server, root, HOSTS[:1], NOW)
    assert not serves(server, root, [*HOSTS, "new.example"], NOW)
    assert not serves(server, root, HOSTS, NOW + 380 * DAY)
    assert not serves(server, other, HOSTS, NOW)
    assert sound(server)
    assert not sound(Pair(server.certificate, root.key))
    assert not sound(Pair(b"half", root.key))
    with pytest.raises(ValueError, match="at least one host"):
        make_server(root, [], NOW)


def test_a_secret_file_is_replaced_whole_and_read_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    for data in (b"one", b"two"):
        write_secret(path, data)
        assert path.read_bytes() == data
        assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["key"]
