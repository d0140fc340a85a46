"""QR symbols in pictures."""

import io

import pytest
import segno
from PIL import Image

from yichuan.lib import qr
from yichuan.lib.qr import QrError, read_qr


def symbol(text: str, kind: str = "PNG", turn: float = 0.0) -> bytes:
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=6, border=8)
    picture = Image.open(drawn).convert("L").rotate(turn, expand=True, fillcolor=255)
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", qr.FORMATS)
def test_a_symbol_is_read_in_every_kind_of_picture(kind: str) -> None:
    assert read_qr(symbol("驿传", kind)) == ["驿传"]


@pytest.mark.parametrize("turn", [8.0, 90.0, 180.0])
def test_a_turned_symbol_is_read(turn: float) -> None:
    assert read_qr(symbol("YC1|", turn=turn)) == ["YC1|"]


def test_a_picture_without_a_symbol_has_none() -> None:
    out = io.BytesIO()
    Image.new("L", (200, 200), 255).save(out, "PNG")
    assert read_qr(out.getvalue()) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", symbol("x")[:200], b"II*\x00" + bytes(100)],
    ids=["nothing", "PNG", "GIF", "cut off", "TIFF"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(QrError) as refused:
        read_qr(data)
    assert refused.value.code == "picture_unreadable"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(QrError) as refused:
        read_qr(out.getvalue())
    assert refused.value.code == "picture_too_large"
