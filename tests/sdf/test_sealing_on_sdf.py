"""The whole service on the SDF device: a centre opened, documents sealed by eight at once, the device gone half-way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.at_once import at_once
from support.soft_sdf import Prepared, soft_sdf
from support.world import World, build, forget_caches
from yichuan.common import clock, sealed
from yichuan.common.errors import Unavailable
from yichuan.compose.models import Document
from yichuan.compose.services.keys import own_key
from yichuan.keys.models import DeviceKey, SoftKey
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.ofd.report import Report
from yichuan.lib.ofd.verifying import verify
from yichuan.seals.models import SealUse


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[Prepared]:
    with soft_sdf(tmp_path / "device", keys=64) as device:
        yield device


@pytest.fixture
def centre(transactional_db: None, prepared: Prepared, settings: object) -> Iterator[World]:
    """The small centre, every key of it in the device."""
    settings.YICHUAN_KEYS_URL = prepared.url()  # type: ignore[attr-defined]
    yield build()
    forget_caches()


def checked(document: Document) -> Report:
    document.refresh_from_db()
    body = sealed.read_bytes(own_key(document), document.body_context, document.body)
    return verify(body, trust=trusted_roots(), at=clock.now())


def test_eight_documents_are_sealed_at_once_and_verify(centre: World) -> None:
    assert DeviceKey.objects.filter(device="sdf").exists()
    assert not SoftKey.objects.exists()
    ready = [centre.ready() for _ in range(8)]
    assert at_once(lambda number: centre.put_seal(ready[number]) and None, 8) == []  # type: ignore[func-returns-value]
    for document in ready:
        report = checked(document)
        assert report.valid_and_trusted
        assert [each.time for each in report.signatures] == ["ok"]


def test_a_device_that_goes_half_way_leaves_nothing_sealed(centre: World, prepared: Prepared) -> None:
    document = centre.ready()
    prepared.act("reply signature of another key")
    with pytest.raises(Unavailable):
        centre.put_seal(document)
    prepared.act("removed")
    with pytest.raises(Unavailable):
        centre.put_seal(document)
    prepared.act("")
    document.refresh_from_db()
    assert document.state == "ready"
    assert set(SealUse.objects.values_list("state", flat=True)) == {SealUse.State.FAILED}
    centre.put_seal(document)
    assert checked(document).valid_and_trusted
