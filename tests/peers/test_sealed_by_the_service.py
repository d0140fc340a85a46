"""A document sealed through the service, with a time stamp, over the seam too, in other readers than ours."""

from __future__ import annotations

import ofdkit
import pytest
from playwright.sync_api import sync_playwright

from support.ofd_js import shown
from support.served import browser_of
from support.world import BODY_SENTENCE, World, small_gongwen
from yichuan.common import clock
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import begin
from yichuan.compose.services.seal import seal_document
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.svg import Renderer
from yichuan.lib.ofd.verifying import verify
from yichuan.seals.models import Seal
from yichuan.seals.services.use import Place

SEAM = Place(0, 0, 150, edge="right", last_page=2)


def long_document(world: World) -> Document:
    """Three pages."""
    gongwen = small_gongwen()
    gongwen["body"] *= 24
    fields = from_gongwen(gongwen, kind="通知")
    return world.ready(begin(actor=world.sending_clerk, unit=world.sender, fields=fields, original=gongwen))


def sealed(world: World, document: Document, *more: Place) -> bytes:
    """Where the typesetter left room, and at `more` places, in one act."""
    room = document.seal_places[-1]
    places = [Place(room["page"], room["x"], room["y"]), *more]
    seal, custodian = Seal.objects.get(unit=world.sender), world.custodian["市府办公室"]
    return read_body(seal_document(actor=custodian, document_id=document.pk, seal_id=seal.pk, places=places))


@pytest.mark.e2e
def test_ofd_js_shows_the_seal_in_its_place(world: World) -> None:
    """Of a picture that is an OFD it draws the lines alone: the ring, not the letters (docs/by_hand.md)."""
    document = world.ready()
    data, room = sealed(world, document), document.seal_places[-1]
    with sync_playwright() as playwright:
        browser = browser_of(playwright)
        found = shown(browser, data)
        browser.close()
    assert BODY_SENTENCE in "".join("".join(found["text"]).split())
    assert found["signatures"] == [True]
    assert found["seals"][0] == pytest.approx([room["x"] - 21, room["y"] - 21, 42, 42], abs=0.1)


def test_a_seam_over_three_pages_is_read_proven_and_drawn(world: World) -> None:
    """ofd.js does not draw it: it draws a picture that is an OFD only where its signature has one imprint."""
    document = long_document(world)
    before, data = read_body(document), sealed(world, document, SEAM)
    assert BODY_SENTENCE in "".join(ofdkit.extract_text(data).split())
    (signature,) = verify(data, trust=trusted_roots(), at=clock.now()).signatures
    assert (signature.integrity, signature.seal, signature.signer, signature.time) == ("ok", "ok", "ok", "ok")
    plain, shown_here = Renderer(Package.open(before)), Renderer(Package.open(data))
    assert all(len(shown_here.page(index)) > len(plain.page(index)) + 1000 for index in range(3))
