"""Pages of an OFD as PNG."""

import io
import threading

import pytest
from PIL import Image

from support.ofd import ofd, square
from support.seals import sealed_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import page_to_png
from yichuan.lib.ofd.paper.picture import pdf_page_to_png


def _picture(data: bytes, **options: object) -> Image.Image:
    return Image.open(io.BytesIO(page_to_png(Package.open(data), 0, **options)))  # type: ignore[arg-type]


def test_a_picture_has_so_many_pixels_to_the_inch():
    for dpi, size in ((150, (1241, 1754)), (72, (596, 842))):
        image = _picture(ofd(square(10, 10)), dpi=dpi)
        assert (image.size, image.mode) == (size, "RGB")
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


def test_pixels_are_those_of_the_page():
    image = _picture(ofd(square(50.8, 25.4)), dpi=100)
    assert [image.getpixel(place) for place in ((204, 104), (350, 250), (196, 104), (204, 96))] == [
        (255, 0, 0),
        (255, 0, 0),
        (255, 255, 255),
        (255, 255, 255),
    ]


def test_seals_may_be_left_out():
    data = sealed_ofd()
    with_seal, without = (page_to_png(Package.open(data), 0, dpi=50, stamps=stamps) for stamps in (True, False))
    assert with_seal != without


def test_the_same_page_is_the_same_file():
    data = ofd(square(10, 10))
    assert page_to_png(Package.open(data), 0) == page_to_png(Package.open(data), 0)


@pytest.mark.parametrize(
    ("dpi", "code"),
    [(5, "dpi_invalid"), (1300, "dpi_invalid"), (float("nan"), "dpi_invalid"), (1200, "picture_too_large")],
)
def test_pictures_beyond_bounds_are_refused_by_name(dpi: float, code: str):
    with pytest.raises(OfdError) as caught:
        _picture(ofd(square(10, 10)), dpi=dpi)
    assert caught.value.code == code


def test_a_page_that_is_not_there_and_a_file_that_is_no_pdf():
    with pytest.raises(OfdError) as caught:
        page_to_png(Package.open(ofd("")), 3)
    assert caught.value.code == "page_missing"
    with pytest.raises(OfdError) as caught:
        pdf_page_to_png(b"%PDF-1.7 nothing", 0)
    assert caught.value.code == "pdf_invalid"


def test_threads_take_turns_at_the_rasteriser():
    data = [ofd(square(place, 10)) for place in range(4)]
    alone = [page_to_png(Package.open(each), 0, dpi=60) for each in data]
    together: dict[int, bytes] = {}

    def draw(index: int) -> None:
        together[index] = page_to_png(Package.open(data[index % 4]), 0, dpi=60)

    threads = [threading.Thread(target=draw, args=(index,)) for index in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[index] for index in range(12)] == alone * 3
