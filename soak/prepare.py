"""The centre of a trial: the small centre of the tests, a system for each unit, verification seals, bodies to be sent.

    python -m soak.prepare FOLDER NUMBER      (in the environment of the centre)

Everything that is slow happens before the first kill: the one body is typeset here and sealed NUMBER times, each at
another place, as the unit's own office system would with the carrier that it keeps.
"""

from __future__ import annotations

import json
import sys
import zipfile
from io import BytesIO
from pathlib import Path

PROBE = 48


def main() -> None:
    """Build it, and write `offices.json` and `bodies/` into FOLDER."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from support.carriers import on_carrier
    from support.making import unsealed_body
    from support.printing import WORDS, hold
    from support.world import PASSWORD, UNITS, build
    from yichuan.common import clock
    from yichuan.interface.services.register_client import register_client
    from yichuan.keys.services.time_stamp import time_stamp
    from yichuan.seals.places import Place
    from yichuan.seals.services.use_bytes import to_sign

    world = build()
    held, body = on_carrier(world.sender, world.imprint), unsealed_body(world)
    bodies = folder / "bodies"
    bodies.mkdir()
    for order in range(number):
        place = Place(0, 60 + order % 80, 140 + order // 80)
        waiting = to_sign(held.seal, body, [place], clock.now())
        signed = waiting.attach(held.key.sign(waiting.message))
        (bodies / f"{order:05}.ofd").write_bytes(signed.stamped(time_stamp(signed.signature)).data)
    offices = {}
    for name in UNITS:
        client, secret = register_client(actor=None, name="办公系统", unit=world.units[name])
        offices[name] = {
            "unit": str(world.units[name].pk), "code": world.units[name].code, "client": str(client.pk),
            "secret": secret, "clerk": world.clerk[name].username, "password": PASSWORD, "words": WORDS,
        }  # fmt: skip
        if name != UNITS[0]:
            hold(world.units[name], world.clerk[name])
    told = {"sender": UNITS[0], "offices": offices, "probes": [each.hex() for each in probes(body)]}
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
