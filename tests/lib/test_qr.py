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


def corners(side: int) -> bytes:
    """A picture full of the marks that stand in a symbol's corners, and of nothing else."""
    rings = ((0, 0, 7, 7, 0), (1, 1, 5, 5, 255), (2, 2, 3, 3, 0))
    mark = Image.new("L", (8, 8), 255)
    for left, top, width, height, ink in rings:
        mark.paste(ink, (left, top, left + width, top + height))
    picture = Image.new("L", (side, side), 255)
    for left in range(0, side, 8):
        for top in range(0, side, 8):
            picture.paste(mark, (left, top))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_a_picture_that_would_keep_the_reader_busy_for_minutes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert qr._CPU_SECONDS < qr._SECONDS / 4
    monkeypatch.setattr(qr, "_CPU_SECONDS", 2)
    assert read_qr(symbol("x")) == ["x"]
    with pytest.raises(QrError) as refused:
        read_qr(corners(3000))
    assert refused.value.code == "picture_too_hard"


def test_a_reader_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr, "_SECONDS", 0.01)
    with pytest.raises(QrError) as refused:
        read_qr(symbol("x"))
    assert refused.value.code == "picture_too_hard"
