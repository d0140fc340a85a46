"""Making an evidence package."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.package import write_package
from yichuan.lib.one_line import one_line
from yichuan.lib.ses.plain import prepare_plain_signature
from yichuan.lib.ses.signature import parse_signature
from yichuan.lib.ses.stamping import with_time_stamp

from .manifest import FORMAT, MANIFEST, SIGNATURE, VERSION, Form


def pack_evidence(
    parts: Sequence[tuple[str, str, bytes]],
    *,
    centre: str,
    form: Form,
    number: str,
    title: str,
    digest: str,
    entries: Sequence[int],
    at: datetime,
    signer: Certificate,
    sign: Callable[[bytes], bytes],
    stamp: Callable[[bytes], bytes],
) -> bytes:
    """A package of (name, role, bytes), signed by `sign` with `signer`'s key (SM2) and stamped by `stamp`, which takes
    the signature's value and gives a token. `digest`, `entries` as in `Manifest`; times are aware.

    Raises SesError `certificate_period`, `signature`, `time_stamp_imprint`; OfdError for more than a ZIP holds.
    """
    rows = [{"name": name, "role": role, "size": len(data), "sm3": sm3(data).hex()} for name, role, data in parts]
    said = {
        "format": FORMAT,
        "version": VERSION,
        "centre": centre,
        "form": form.value,
        "number": one_line(number),
        "title": one_line(title),
        "digest": digest,
        "packed": at.astimezone(UTC).replace(microsecond=0).isoformat(),
        "entries": list(entries),
        "parts": rows,
    }
    manifest = json.dumps(said, ensure_ascii=False, indent=1).encode()
    waiting = prepare_plain_signature(signer, sm3(manifest), at)
    value = waiting.attach(sign(waiting.message))
    value = with_time_stamp(value, stamp(parse_signature(value).signature))
    return write_package({MANIFEST: manifest, SIGNATURE: value} | {name: data for name, _, data in parts})
