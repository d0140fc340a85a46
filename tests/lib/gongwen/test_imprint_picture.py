"""The picture that a seal carries: the imprint at 600 dpi, red on clear ground, at its true size."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from support import seals
from support.gongwen import font_set
from yichuan.lib.gongwen.imprint import Imprint, draw_imprint
from yichuan.lib.gongwen.imprint_oval import draw_oval
from yichuan.lib.gongwen.imprint_picture import seal_picture
from yichuan.lib.gongwen.imprint_shapes import RED
from yichuan.lib.ofd.drawing import raster_ofd
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import page_to_png
from yichuan.lib.ofd.sealing import Stamp
from yichuan.lib.ses.seal import Picture


def imprint(diameter_mm: float = 42.0) -> Imprint:
    return draw_imprint("江门市人民政府办公室", diameter_mm=diameter_mm, font=font_set())


def pixels(picture: Picture) -> np.ndarray:
    with Image.open(io.BytesIO(picture.data)) as image:
        return np.asarray(image.convert("RGBA"))


def inked_mm(picture: Picture) -> tuple[float, float]:
    """Width and height of what is inked when the picture fills its millimetres."""
    alpha = pixels(picture)[..., 3] > 127
    across, down = alpha.any(axis=0).nonzero()[0], alpha.any(axis=1).nonzero()[0]
    wide, high = across[-1] - across[0] + 1, down[-1] - down[0] + 1
    return wide / alpha.shape[1] * picture.width_mm, high / alpha.shape[0] * picture.height_mm


def test_it_is_a_small_png_of_600_dpi_and_the_same_each_time():
    picture = seal_picture(imprint().ofd())
    seal_picture.cache_clear()
    assert seal_picture(imprint().ofd()).data == picture.data
    assert (picture.kind, picture.width_mm, picture.height_mm) == ("png", 42, 42)
    assert len(picture.data) < 40_000
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.info["dpi"] == pytest.approx((600, 600), abs=0.1)
        assert image.width / 600 * 25.4 == pytest.approx(42, abs=0.05)


def test_every_pixel_is_the_seals_red_and_only_its_cover_differs():
    found = pixels(seal_picture(imprint().ofd()))
    assert {tuple(colour) for colour in np.unique(found[..., :3].reshape(-1, 3), axis=0).tolist()} == {RED}
    assert found[0, 0, 3] == 0 and found[..., 3].max() == 255
    assert 8 < len(np.unique(found[..., 3])) <= 16


def test_it_covers_what_the_vectors_cover():
    alpha = pixels(seal_picture(imprint().ofd()))[..., 3].astype(int)
    with Image.open(io.BytesIO(page_to_png(Package.open(imprint().ofd()), 0, dpi=600))) as drawn:
        vectors = 255 - np.asarray(drawn.getchannel("G")).astype(int)
    assert alpha.shape == vectors.shape
    assert abs(alpha - vectors).max() <= 9


@pytest.mark.parametrize(("diameter", "side"), [(42.0, 42), (42.5, 43), (38.2, 39)])
def test_the_imprint_keeps_its_size_where_its_box_has_whole_millimetres(diameter: float, side: int):
    picture = seal_picture(imprint(diameter).ofd())
    assert (picture.width_mm, picture.height_mm) == (side, side)
    assert inked_mm(picture) == pytest.approx((diameter, diameter), abs=0.06)


def test_an_oval_is_not_pressed_into_a_square():
    oval = draw_oval("江门市国家税务局", width_mm=45, height_mm=30, font=font_set())
    picture = seal_picture(oval.ofd())
    assert (picture.width_mm, picture.height_mm) == (45, 30)
    assert inked_mm(picture) == pytest.approx((45, 30), abs=0.1)


def test_a_cleaned_scan_keeps_its_pixels():
    scan = Image.new("RGBA", (992, 992), (*RED, 0))
    ImageDraw.Draw(scan).ellipse((100, 100, 900, 900), fill=(*RED, 17 * 9))
    written = io.BytesIO()
    scan.save(written, "PNG")
    found = pixels(seal_picture(raster_ofd(written.getvalue(), 42, 42)))
    assert np.array_equal(found[..., 3], np.asarray(scan)[..., 3])


def test_a_page_on_paper_bears_what_a_seal_of_vectors_would_leave():
    pki = seals.pki()

    def printed(picture: Picture) -> np.ndarray:
        """How much ink lies on each pixel, 0 to 1, at 300 dpi."""
        seal = seals.make_seal(pki.maker, pki.unit, picture=picture)
        sealed = seals.sealed_ofd(seal=seal, stamps=[Stamp(0, 140.0, 200.0)])
        with Image.open(io.BytesIO(page_to_png(Package.open(sealed), 0, dpi=300))) as page:
            part = page.crop([round(side / 25.4 * 300) for side in (118, 178, 162, 222)])
            return 1 - np.asarray(part.getchannel("G")) / 255

    ofd = imprint().ofd()
    picture, vectors = printed(seal_picture(ofd)), printed(Picture("ofd", ofd, 42, 42))
    assert picture.sum() == pytest.approx(vectors.sum(), rel=0.01)
    middles = [[(each * line).sum() / each.sum() for line in np.indices(each.shape)] for each in (picture, vectors)]
    assert middles[0] == pytest.approx(middles[1], abs=0.5)  # 0.04 mm
    assert (abs(picture - vectors) > 0.6).mean() < 0.01
