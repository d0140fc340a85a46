"""The worked example of docs/interface runs against a served centre; the client beside it keeps what it says."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.served import Served, served, settings_of

DOCS = Path(__file__).resolve().parents[2] / "docs" / "interface"
# Two registered systems, and three bodies that the sender's own carrier has sealed.
PREPARE = """
from support.carriers import on_carrier
from support.making import unsealed_body
from yichuan.common import clock
from yichuan.seals.places import Place
from yichuan.seals.services.use_bytes import assemble, to_sign
from yichuan.interface.services.register_client import register_client
home = pathlib.Path(sys.argv[1])
held, body = on_carrier(world.sender, world.imprint), unsealed_body(world)
for place, name in enumerate("abc"):
    waiting = to_sign(held.seal, body, [Place(0, 140, 200 + place)], clock.now())
    (home / f"{name}.ofd").write_bytes(assemble(waiting, held.key.sign(waiting.message)))
lines = []
for side, unit in (("SENDER", "市府办公室"), ("RECEIVER", "市环保局")):
    client, secret = register_client(actor=None, name="办公系统", unit=world.units[unit])
    lines += [f"{side}_ID={client.pk}", f"{side}_SECRET={secret}"]
(home / "clients").write_text("\\n".join(lines))
"""
# The custodian at the page.
SEAL = """
import django, pathlib, pickle, sys; django.setup()
world = pickle.loads(pathlib.Path(sys.argv[1], "world").read_bytes())
from yichuan.compose.models import Document
from yichuan.compose.services.seal import seal_document
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import Seal
from yichuan.seals.places import Place
[document] = [each for each in Document.objects.filter(state="ready") if each.title == "关于召开水质监测工作会议的通知"]
seal_document(
    actor=world.custodian["市府办公室"], document_id=document.pk,
    seal_id=Seal.objects.exclude(carrier=Carrier.FILE).get(unit=world.sender).pk,
    places=[Place(place["page"], place["x"], place["y"]) for place in document.seal_places],
)
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("office"), also=PREPARE) as running:
        yield running


def test_the_example_goes_through_the_whole_day(centre: Served) -> None:
    clients = dict(line.split("=", 1) for line in (centre.home / "clients").read_text().splitlines())
    environment = os.environ | clients | {"YICHUAN_API": f"{centre.url}/api/v1", "PYTHONDONTWRITEBYTECODE": "1"}
    bodies = [str(centre.home / f"{name}.ofd") for name in "abc"]
    # -S: with the standard library alone
    command = [sys.executable, "-S", str(DOCS / "office_system.py"), *bodies]
    environment.pop("PYTHONPATH", None)
    said: list[str] = []
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        assert running.stdout is not None
        try:
            for line in running.stdout:
                said.append(line.strip())
                if "waiting" in line:
                    seal = [sys.executable, "-c", SEAL, str(centre.home)]
                    subprocess.run(seal, env=settings_of(centre.home), check=True, timeout=120)
            running.wait(30)
        finally:
            running.kill()
    told = "\n".join(said)
    assert running.returncode == 0, told
    assert said[0] == "江门市人民政府办公室 → 江门市环保局" and said[-1] == "今日事毕 the day is done", told
    assert told.count("sealed by the unit's own carrier") == 3 and told.count("sealed by the custodian") == 1
    assert told.count("the same answer True") == 4 and "the same answer False" not in told
    assert "附件 attachment: 监测断面.csv, as sent True" in told and "bytes, as sent True" in told
    assert "sound True" in told and "verifies True" in told and "verifies False" not in told
    assert "prints: asked 2, 已同意, now 3 may be printed" in told
    assert "refused: 409 wrong_state" in told and "监测点位与附件不符" in told
    assert "corrects the one returned True" in told
    assert "as sent True, 2 receipts, verifies True" in told and "refused alone: wrong_state" in told
    assert "the receiver's box says: withdrawn" in told
    for secret in (clients["SENDER_SECRET"], clients["RECEIVER_SECRET"]):
        assert secret not in told
