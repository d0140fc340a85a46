"""`yichuan tls`, and what `yichuan serve --tls` needs: the certificate of the centre's pages in files."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

import click

WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on
LOCAL = ["localhost", "127.0.0.1"]


@dataclass(frozen=True)
class TlsFiles:
    """Where the server's certificate and key lie, and the root that browsers must trust."""

    certificate: Path
    key: Path
    root: Path


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_of(host: str, names: tuple[str, ...]) -> list[str]:
    """The hosts that the certificate is for: those named, else the one listened on; this machine besides."""
    named = list(names) or [host]
    if any(name in WILDCARDS for name in named):
        raise click.UsageError(f"{host} 表示本机的所有地址；请用 --name 说明浏览器用哪个名称或者地址访问")
    return list(dict.fromkeys([*named, *LOCAL]))


def tls_files(hosts: list[str], folder: Path | None = None) -> TlsFiles:
    """The files in `folder` (the centre's secrets unless given), made where they are missing or do not do any more.

    The root is one for the centre, and its key stays with the centre's secrets. Django must be set up.
    """
    from django.conf import settings

    from yichuan.common import clock
    from yichuan.common.secret_files import write_secret
    from yichuan.lib.tls import Pair, make_root, make_server, serves, sound

    def kept(stem: Path) -> Pair | None:
        certificate, key = stem.with_suffix(".pem"), stem.with_suffix(".key")
        if not certificate.exists() or not key.exists():
            return None
        pair = Pair(certificate.read_bytes(), key.read_bytes())
        return pair if sound(pair) else None

    def keep(stem: Path, pair: Pair) -> Pair:
        write_secret(stem.with_suffix(".key"), pair.key)
        write_secret(stem.with_suffix(".pem"), pair.certificate)
        return pair

    own, now = settings.SECRETS / "tls", clock.now()
    folder = folder or own
    root = kept(own / "root") or keep(own / "root", make_root(centre_name(), now))
    server = kept(folder / "server")
    if server is None or not serves(server, root, hosts, now):
        keep(folder / "server", make_server(root, hosts, now))
    if folder != own:
        write_secret(folder / "root.pem", root.certificate)
    return TlsFiles(folder / "server.pem", folder / "server.key", folder / "root.pem")


@click.command()
@click.option("--host", "hosts", multiple=True, required=True, help="A name or address of the server; several times.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the files.")
def tls(hosts: tuple[str, ...], out: Path) -> None:
    """Make the certificate of the centre's pages, for a reverse proxy; its root is the one of `serve --tls`.

    Writes server.pem, server.key (both of mode 0600) and root.pem, which browsers must trust. Run again, it keeps what
    still does and makes anew what ends within a month.
    """
    from yichuan.cli.centre import set_up

    set_up()
    made = tls_files(names_of(hosts[0], hosts), out)
    click.echo(f"{made.certificate} 和 {made.key} 给服务器用；浏览器要信任 {made.root}")


def centre_name() -> str:
    """What the root is called by: the centre's name, once it has one."""
    from django.db import connection

    from yichuan.common.models import Centre

    if Centre._meta.db_table not in connection.introspection.table_names():
        return "Yichuan"
    centre = Centre.objects.first()
    return centre.name if centre else "Yichuan"
