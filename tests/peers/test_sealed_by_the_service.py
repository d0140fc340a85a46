"""A document sealed through the service, with a time stamp, over the seam too, in other readers than ours."""

from __future__ import annotations

import io

import numpy as np
import ofdkit
import pytest
from PIL import Image

from support.chromium import put_away, the_browser
from support.ofd_js import shown
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

pytestmark = pytest.mark.one_database

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


def red_in(picture: bytes, left: float, top: float, width: float, height: float) -> np.ndarray:
    """Which pixels of a page's picture are red, in this part of it, in millimetres."""
    with Image.open(io.BytesIO(picture)) as page:
        scale = page.width / 210
        box = (left * scale, top * scale, min((left + width) * scale, page.width), (top + height) * scale)
        part = np.asarray(page.convert("RGB").crop(tuple(round(side) for side in box))).astype(int)
    red: np.ndarray = part[..., 0] - part[..., 1] > 60
    return red


@pytest.mark.e2e
def test_ofd_js_shows_ring_letters_and_star_in_their_place_and_every_strip_of_the_seam(world: World) -> None:
    document = long_document(world)
    data, room = sealed(world, document, SEAM), document.seal_places[-1]
    try:
        found = shown(the_browser(), data)
    finally:
        put_away()  # the database is asked again
    assert BODY_SENTENCE in "".join("".join(found["text"]).split())
    assert found["signatures"] == [True] * 4
    place = next(each for each in found["seals"] if each[1] != pytest.approx(SEAM.y_mm - 21, abs=0.1))
    assert place == pytest.approx([room["x"] - 21, room["y"] - 21, 42, 42], abs=0.1)
    seal = red_in(found["pictures"][room["page"]], *place)
    from_middle = np.hypot(*(np.indices(seal.shape).T - (np.array(seal.shape) - 1) / 2).T) * 42 / len(seal)
    # The text under it stays black.
    assert seal[from_middle < 2].mean() > 0.6  # the star
    assert 0.1 < seal[(from_middle > 14) & (from_middle < 18)].mean() < 0.7  # the letters
    assert seal[(from_middle > 20.2) & (from_middle < 20.8)].mean() > 0.8  # the ring
    assert seal[from_middle > 21.3].mean() < 0.01
    strips = [red_in(each, 210 - 14, SEAM.y_mm - 21, 14, 42).mean() for each in found["pictures"]]
    assert len(strips) == 3 and min(strips) > 0.1


def test_a_seam_over_three_pages_is_read_proven_and_drawn(world: World) -> None:
    document = long_document(world)
    before, data = read_body(document), sealed(world, document, SEAM)
    assert BODY_SENTENCE in "".join(ofdkit.extract_text(data).split())
    (signature,) = verify(data, trust=trusted_roots(), at=clock.now()).signatures
    assert (signature.integrity, signature.seal, signature.signer, signature.time) == ("ok", "ok", "ok", "ok")
    plain, shown_here = Renderer(Package.open(before)), Renderer(Package.open(data))
    assert all(len(shown_here.page(index)) > len(plain.page(index)) + 1000 for index in range(3))
