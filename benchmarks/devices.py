"""Signing with each key device beside bare signing, and whole uses of a seal through the service beside the device.

Each driver is measured in a process and a throw-away centre of its own. SoftHSM and the soft SDF device of the tests
stand for the outside devices: these figures are of the drivers, not of a vendor's hardware. What is not installed here
(SoftHSM, a C compiler) is left out and named.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, figure, rate

TESTS = Path(__file__).resolve().parent.parent / "tests"
MESSAGE = b"x" * 200
PASSWORD = b"p" * 16
NEEDS = {"soft": [], "pkcs11": ["softhsm2-util", "cc"], "sdf": ["cc"]}


def figures() -> list[Figure]:
    """Signatures and seals a second, by driver."""
    found: list[Figure] = []
    for driver, needed in NEEDS.items():
        missing = [each for each in needed if shutil.which(each) is None]
        if missing:
            print(f"{driver}: left out, no {', '.join(missing)} here (scripts/system-packages test)")
            continue
        with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
            run = subprocess.run(
                [sys.executable, "-m", "benchmarks.devices", driver, home],
                env=os.environ | {"PYTHONPATH": str(TESTS)}, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        found += [Figure(**each) for each in json.loads(run.stdout.splitlines()[-1])]
    return found


def _measure(driver: str, home: Path) -> list[Figure]:
    os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
    from yichuan.cli.centre import set_up

    set_up()
    _prepare(driver, home)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    seal, custodian = _centre()
    return [*_signatures(driver), *_seals(driver, seal, custodian)]


def _prepare(driver: str, home: Path) -> None:
    """Make the outside device and say where it is."""
    from django.conf import settings

    if driver == "pkcs11":
        from support.key_drivers.pkcs11 import PIN, TOKEN, Pkcs11Driver, softhsm

        Pkcs11Driver(home)
        settings.YICHUAN_P256_KEYS_URL = f"pkcs11://{softhsm()}?token={TOKEN}"
        os.environ["YICHUAN_P256_KEYS_PIN"] = PIN
    if driver == "sdf":
        from support.soft_sdf import Prepared

        prepared = Prepared(home / "sdf", keys=24)
        os.environ["SOFT_SDF"], settings.YICHUAN_KEYS_URL = str(prepared.tool), prepared.url()


def _centre() -> tuple[Any, Any]:
    """A centre with one unit, its seal and who may use it."""
    from yichuan.common.transactions import command
    from yichuan.demo.units import planned_units
    from yichuan.lib.gongwen.imprint import draw_imprint
    from yichuan.operations.services.open_centre import open_centre
    from yichuan.org.duties import Duty
    from yichuan.org.services.appoint import appoint
    from yichuan.org.services.register_unit import register_unit
    from yichuan.people.services.open_account import open_account
    from yichuan.seals.services.issue import issue_seal
    from yichuan.web.fonts import fonts

    open_centre("江门市")
    with command():
        unit = register_unit(next(iter(planned_units())))
        custodian = open_account(actor=None, username="custodian", name="印", password=os.urandom(12).hex())
        appoint(actor=None, account=custodian, unit=unit, duty=Duty.CUSTODIAN)
        imprint = draw_imprint(unit.name, diameter_mm=42.0, font=fonts())
        return issue_seal(actor=None, unit=unit, imprint=imprint), custodian


def _signatures(driver: str) -> list[Figure]:
    """Through the interface, without and with a password of the key, beside the same signature in bare software."""
    from yichuan.keys.devices.base import Ability
    from yichuan.keys.devices.p256 import P256Key
    from yichuan.keys.services.device import device, p256_device
    from yichuan.lib.gm.sm2 import PrivateKey

    found = []
    keys: dict[str, tuple[Any, Callable[..., object], Any]] = {}
    if driver != "pkcs11":
        keys["SM2"] = device(), device().make_signing_key, PrivateKey.generate()
    if Ability.P256 in p256_device().describe().abilities:
        keys["P-256"] = p256_device(), p256_device().make_p256_key, P256Key.generate()
    for kind, (of, make, bare) in keys.items():
        raw = rate(lambda bare=bare: bare.sign(MESSAGE))
        for name, password in ((f"{kind} sign, {driver}", None), (f"{kind} sign, {driver}, password", PASSWORD)):
            make(name, password=password)
            signed = rate(lambda of=of, name=name, password=password: of.sign(name, MESSAGE, password=password))
            found.append(figure(name, signed, "/s", f"bare {kind}", raw))
    return found


def _seals(driver: str, seal: Any, custodian: Any) -> list[Figure]:
    """A use begun, the body sealed and verified, the use finished: two durable commits and all that lies between."""
    from benchmarks.papers import five_pages
    from support.pdf import small_pdf
    from yichuan.common import clock
    from yichuan.common.transactions import command
    from yichuan.keys.devices.base import Ability
    from yichuan.keys.services.device import device, p256_device
    from yichuan.lib.gm.sm3 import sm3
    from yichuan.seals.places import Place
    from yichuan.seals.services.seal_pdf import apply_pdf, make_pdf_key, pdf_label
    from yichuan.seals.services.use import apply, begin_use, finish_use
    from yichuan.seals.services.use_bytes import to_sign

    places = [Place(0, 140.0, 200.0)]

    def through(body: bytes, put: Callable[[Any], bytes]) -> Callable[[], None]:
        def work() -> None:
            with command():
                use = begin_use(actor=custodian, seal=seal, document_id=seal.pk, digest=sm3(body), places=places)
            sealed = put(use)
            with command():
                finish_use(use, sealed)

        return work

    found = []
    if driver != "pkcs11":
        ofd = five_pages()
        sealing = through(ofd, lambda use: apply(use, to_sign(seal, ofd, places, clock.now())))
        raw = rate(lambda: device().sign(seal.key_label, MESSAGE))
        found.append(figure(f"seals on 5-page OFD, {driver}", rate(sealing), "/s", "device's signatures", raw))
    if Ability.P256 in p256_device().describe().abilities:
        with command():
            make_pdf_key(actor=None, seal=seal)
        pdf, label = small_pdf(5), pdf_label(seal.pk)
        sealing = through(pdf, lambda use: apply_pdf(use, pdf, places))
        raw = rate(lambda: p256_device().sign(label, MESSAGE))
        found.append(figure(f"seals on 5-page PDF, {driver}", rate(sealing), "/s", "device's signatures", raw))
    return found


if __name__ == "__main__":
    measured = _measure(sys.argv[1], Path(sys.argv[2]))
    print(json.dumps([vars(each) for each in measured], ensure_ascii=False))
