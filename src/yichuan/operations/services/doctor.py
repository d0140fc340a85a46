"""What `yichuan doctor` looks at: each finding says what is so and, where it is bad, what to do."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlparse

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from yichuan.audit.models import Entry
from yichuan.common import blobs, clock, profile
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.models import Centre
from yichuan.keys.selectors import SOON_DAYS, accepted_authorities, ending_lists, expiring, old_lists, published
from yichuan.keys.services.authority import ISSUING, OCSP, ROOT
from yichuan.keys.services.device_health import device_health, has_certificates
from yichuan.keys.services.registry import row_of
from yichuan.keys.states import CertificateState
from yichuan.lib.gm import selftest
from yichuan.lib.tls import RENEW_BEFORE, Pair, ends
from yichuan.operations.services.doctor_log import checkpoints_sent, log_tree
from yichuan.org.duties import ADMINISTRATORS
from yichuan.org.models import CentreRole, Post, Unit
from yichuan.org.selectors import in_force
from yichuan.seals.emblem import emblem
from yichuan.seals.selectors_status import published as status_list
from yichuan.seals.selectors_status import waiting
from yichuan.web.fonts import fonts

_NOT_OPENED = "no centre is opened yet: run `yichuan init`"
_UNSIGNED_FOR = timedelta(hours=1)
_BACKED_UP_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `away`: the database did not answer, so nothing is known of it."""

    name: str
    ok: bool
    note: str
    away: bool = False


def examine() -> list[Finding]:
    """Look at everything; one part's failure does not hide the others. A database that is away is said once, with the
    names of all that could not be looked at without it."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("national cryptography", _cryptography),
        ("database", _database),
        ("blob store", _blobs),
        ("key device", device_health),
        ("certificates", _certificates),
        ("authorities outside", _outside),
        ("status list of seals", _status_list),
        ("log", log_tree),
        ("checkpoints of the log", checkpoints_sent),
        ("national emblem", _emblem),
        ("https", _https),
        ("fonts", _fonts),
        ("exchange rules", _profile),
        ("centre", _centre),
        ("backup", _backup),
    ]
    found = [_look(name, look) for name, look in looks]
    away = [each for each in found if each.away]
    if len(away) < 2:
        return found
    without = Finding("not looked at", False, f"{', '.join(each.name for each in away[1:])}: only with the database")
    return [*(each for each in found if each not in away[1:]), without]


def _look(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except RuntimeError as error:  # what a look says itself
        return Finding(name, False, str(error))
    except OperationalError as error:
        said = f"the database does not answer ({str(error).splitlines()[0]})"
        return Finding(name, False, f"{said}; is it running, and is YICHUAN_DATABASE_URL right?", away=True)
    except Exception as error:
        return Finding(name, False, f"{type(error).__name__}: {error}")


def _cryptography() -> str:
    selftest.run()
    return "SM2, SM3 and SM4-GCM give the standards' answers"


def _database() -> str:
    connection.ensure_connection()
    if not connection.introspection.table_names():
        return f"{connection.vendor}, empty: run `yichuan init`, or `yichuan demo` for a centre to look at"
    waiting = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    if waiting:
        raise RuntimeError(f"{len(waiting)} migrations are not applied; `yichuan serve` applies them at its start")
    return f"{connection.vendor}, all migrations applied"


def _blobs() -> str:
    store = blobs.store()
    try:
        name = store.put([b"doctor"])
        read = b"".join(store.read(name))
        store.remove(name)
    except Unavailable as refusal:
        raise RuntimeError(str(refusal.__cause__ or refusal)) from refusal
    if read != b"doctor":
        raise RuntimeError("what was written is not what was read")
    if urlparse(settings.YICHUAN_BLOBS_URL).path.startswith(tempfile.gettempdir() + "/"):
        return "can be written and read; it lies in the temporary folder, which is not for keeping"
    return "can be written and read"


def _certificates() -> str:
    if not has_certificates():
        return _NOT_OPENED
    at = clock.now()
    for label in (ROOT, ISSUING, OCSP):
        row = row_of(label)
        if row.state != CertificateState.VALID or row.expires_at <= at:
            raise RuntimeError(f"{row.subject} ended or was revoked; what it vouches for is no longer believed")
    for label in (ROOT, ISSUING):
        newest = published(label)
        if newest is None or newest.next_update is None or newest.next_update <= at:
            raise RuntimeError(
                f"the revocation list of {label} is out of date; the ticker of `yichuan serve` publishes it, "
                "see its log and the key device"
            )
    for old in old_lists(at):
        raise RuntimeError(
            f"the revocation list of {old.issuer} was last published on {old.this_update:%Y-%m-%d}, and it should be "
            "every day; is `yichuan serve` running? See its log and the key device"
        )
    ending = expiring(at + timedelta(days=SOON_DAYS)).count()
    said = f"{ending} end within {SOON_DAYS} days: renew them (证书台账)" if ending else "none ends soon"
    return f"root, issuing CA and responder in force, revocation lists fresh; {said}"


def _outside() -> str:
    if not has_certificates():
        return _NOT_OPENED
    ending = [f"{row.authority.subject} ({row.next_update:%Y-%m-%d})" for row in ending_lists(clock.now())]
    if ending:
        raise RuntimeError(
            f"revocation lists that ran out or soon will: {', '.join(ending)}; get the newest from the authority and "
            "bring it in (外部信任名单), or its certificates are no longer taken"
        )
    return f"{accepted_authorities().count()} believed, their revocation lists fresh"


def _status_list() -> str:
    if not has_certificates():
        return _NOT_OPENED
    at, newest = clock.now(), status_list()
    mend = "`yichuan serve` signs it daily and after every change; is it running? See its log and the key device"
    if newest is None or newest.this_update is None or newest.next_update is None:
        raise RuntimeError(f"none is signed yet; {mend}")
    said = f"number {newest.number}, signed {_age(at - newest.this_update)} ago"
    if newest.next_update <= at:
        raise RuntimeError(f"{said}, ran out on {newest.next_update:%Y-%m-%d}; {mend}")
    if (wanted := waiting(at - _UNSIGNED_FOR)) is not None:
        raise RuntimeError(f"{said}; a newer one waits for its signature for {_age(at - wanted.wanted_at)}; {mend}")
    return f"{said}, good until {newest.next_update:%Y-%m-%d}"


def _age(past: timedelta) -> str:
    hours = past // timedelta(hours=1)
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"


def _backup() -> str:
    if not has_certificates():
        return _NOT_OPENED
    newest = Entry.objects.filter(verb="operations.backup").order_by("-at").first()
    if newest is None:
        return "none was made yet: `yichuan backup DIR` each night, and the master key in a safe (docs/backup.md)"
    said = f"the last was made {_age(clock.now() - newest.at)} ago"
    if clock.now() - newest.at > _BACKED_UP_WITHIN:
        raise RuntimeError(f"{said}; is `yichuan backup` still run each night? See docs/backup.md")
    return said


def _emblem() -> str:
    if not settings.YICHUAN_EMBLEM:
        return "none: imprints that bear it cannot be drawn here, only cleaned from scans (YICHUAN_EMBLEM)"
    try:
        emblem()
    except Refused as refusal:
        raise RuntimeError(
            f"{settings.YICHUAN_EMBLEM}: {refusal.__cause__}; let YICHUAN_EMBLEM name an SVG of plain paths that this "
            "user may read (docs/imprints.md)"
        ) from refusal
    return f"{settings.YICHUAN_EMBLEM} can be read and drawn"


def _https() -> str:
    origin = urlparse(settings.YICHUAN_ORIGIN)
    if origin.scheme != "https":
        if origin.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise RuntimeError(f"YICHUAN_ORIGIN is {settings.YICHUAN_ORIGIN}: other machines need https, see --tls")
        return "not needed: the pages are for this machine alone"
    certificate, key = (settings.SECRETS / "tls" / name for name in ("server.pem", "server.key"))
    if not certificate.exists():
        return "by a reverse proxy in front"
    end = ends(Pair(certificate.read_bytes(), b""))
    if end - RENEW_BEFORE <= clock.now():
        raise RuntimeError(
            f"the pages' certificate ends on {end:%Y-%m-%d}: start `yichuan serve --tls` anew to renew it"
        )
    if key.stat().st_mode & 0o077:
        raise RuntimeError(f"{key} can be read by others; run: chmod 600 {key}")
    return f"by the centre itself, with a certificate until {end:%Y-%m-%d}"


def _fonts() -> str:
    fonts()
    return "every face of GB/T 9704 is present"


def _profile() -> str:
    return profile.current().title


def _centre() -> str:
    tables = connection.introspection.table_names()
    centre = Centre.objects.first() if Centre._meta.db_table in tables else None
    if centre is None:
        return _NOT_OPENED
    held = set(in_force(Post.objects.filter(duty__in=ADMINISTRATORS)).values_list("duty", flat=True))
    vacant = sorted(ADMINISTRATORS - held)
    if vacant:
        raise RuntimeError(f"nobody holds the post of {', '.join(vacant)}; the other administrators ask for one")
    units = Unit.objects.filter(closed_at=None).count()
    roles = CentreRole.objects.select_related("unit")
    parts = "".join(f", {role.role}: {role.unit.short_name}" for role in roles)
    return f"{centre.name}, opened {centre.opened_at:%Y-%m-%d}, three administrators, {units} units{parts}"
