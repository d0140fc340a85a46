"""A seal's picture on the screen: that of today's seals, a PNG, and that of older ones, an OFD."""

import base64
import re

import pytest

from support.world import World
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.compose.services.read import read_body
from yichuan.compose.services.seal import seal_document
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.gongwen.imprint_picture import seal_picture
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.svg import page_to_svg
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.seal import Picture
from yichuan.seals.models import Seal
from yichuan.seals.picture import picture_svg
from yichuan.seals.selectors import size_of
from yichuan.seals.services import issue
from yichuan.seals.services.use import Place


def test_a_seal_shows_the_picture_of_its_imprint_at_true_size(world: World):
    seal = Seal.objects.get(unit=world.sender)
    drawing = picture_svg(seal)
    shown = re.search(r'<image width="42" height="42" href="data:image/png;base64,([^"]+)"', drawing)
    assert shown and base64.b64decode(shown[1]) == seal_picture(world.imprint.ofd()).data
    assert 'width="42mm" height="42mm" viewBox="0 0 42 42"' in drawing
    assert size_of(seal) == (42, 42)


def test_a_seal_whose_picture_is_an_ofd_shows_seals_and_is_proven_as_before(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(issue, "seal_picture", lambda ofd: Picture("ofd", ofd, 42, 42))
    Seal.objects.update(withdrawn_at=clock.now())
    with command():
        seal = issue.issue_seal(actor=None, unit=world.sender, imprint=world.imprint)
    assert picture_svg(seal).count("<path") > len(world.sender.name) and size_of(seal) == (42, 42)
    document = world.ready()
    room = document.seal_places[-1]
    places = [Place(room["page"], room["x"], room["y"])]
    custodian = world.custodian["市府办公室"]
    data = read_body(seal_document(actor=custodian, document_id=document.pk, seal_id=seal.pk, places=places))
    (signature,) = verify(data, trust=trusted_roots(), at=clock.now()).signatures
    assert (signature.integrity, signature.seal, signature.signer) == ("ok", "ok", "ok")
    assert (
        len(page_to_svg(Package.open(data), room["page"]))
        > len(page_to_svg(Package.open(data), room["page"], stamps=False)) + 5000
    )
