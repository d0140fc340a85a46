"""The centre of a trial: the small centre of the tests, a system for each unit, verification seals, a carrier.

    python -m soak.prepare FOLDER PORT      (in the environment of the centre)

The one body is typeset here, before the first kill: each document of the trial bears it under a seal of its own.
"""

from __future__ import annotations

import json
import secrets
import sys
import zipfile
from io import BytesIO
from pathlib import Path

PROBE = 48


def main() -> None:
    """Build it, and write into FOLDER `offices.json`, `carrier.json` and `processes.json` (names of what serves)."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from soak.carrier import Carrier
    from support.carriers import on_carrier
    from support.making import unsealed_body
    from support.printing import WORDS, hold
    from support.world import PASSWORD, UNITS, build
    from yichuan.cli.supervisor import commands
    from yichuan.interface.services.register_client import register_client
    from yichuan.seals.models import Seal

    world = build()
    held, body = on_carrier(world.sender, world.imprint), unsealed_body(world)
    Carrier(body, bytes(held.seal.der), held.certificate, held.key).write(folder / "carrier.json")
    offices = {}
    for name in UNITS:
        client, secret = register_client(actor=None, name="办公系统", unit=world.units[name])
        offices[name] = {
            "unit": str(world.units[name].pk), "code": world.units[name].code, "client": str(client.pk),
            "secret": secret, "person": (world.custodian.get(name) or world.clerk[name]).username, "password": PASSWORD,
        }  # fmt: skip
        if name != UNITS[0]:
            hold(world.units[name], world.clerk[name])
    seal = Seal.objects.exclude(pk=held.seal.pk).get(unit=world.sender)
    mark = secrets.token_hex(PROBE // 2).encode()  # stands in every attachment
    told = {
        "sender": UNITS[0], "offices": offices, "seal": str(seal.pk), "words": WORDS,
        "mark": mark.hex(), "probes": [each.hex() for each in (mark, *probes(body))],
    }  # fmt: skip
    (folder / "processes.json").write_text(json.dumps(list(commands("127.0.0.1", port))))
    (folder / "offices.json").write_text(json.dumps(told, ensure_ascii=False))


def probes(body: bytes) -> list[bytes]:
    """Pieces of the body's bytes that stand in every plain copy of it, sealed or not: out of its packed pages and
    fonts, which nobody packs anew."""
    found = []
    with zipfile.ZipFile(BytesIO(body)) as package:
        for info in package.infolist():
            if info.filename.endswith("Content.xml") or info.compress_size > 4 * PROBE:
                begin = info.header_offset + 30 + len(info.filename.encode()) + info.compress_size // 2
                found.append(body[begin : begin + PROBE])
    return found


if __name__ == "__main__":
    main()
