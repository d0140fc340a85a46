"""Cleaning scans of brass seals: whatever the light, the angle and the paper, true size and a clean ground."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from support.scans import drawn, on_a_page, scan
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint_shapes import RED
from yichuan.lib.gongwen.scan import CleanedScan, clean_scan
from yichuan.lib.gongwen.scan_compare import difference

DPI = 600


def clean(**how: object) -> CleanedScan:
    return clean_scan(scan(**how), diameter_mm=42.0)  # type: ignore[arg-type]


def pixels(cleaned: CleanedScan) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(cleaned.png)))


def width_mm(cleaned: CleanedScan) -> tuple[float, float]:
    """The ink's extent across and down."""
    ink = pixels(cleaned)[..., 3] >= 128
    spans = [ink.any(axis=axis).nonzero()[0] for axis in (0, 1)]
    return tuple((span[-1] - span[0] + 1) / DPI * 25.4 for span in spans)  # type: ignore[return-value]


def apart(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    turned=st.floats(-180, 180),
    dpi=st.sampled_from([150, 200, 300, 400]),
    noise=st.floats(0, 16),
    shadow=st.floats(0, 0.5),
    squeezed=st.floats(0.85, 1.0),
    seed=st.integers(0, 1000),
)
def test_size_direction_and_ground_are_right_however_it_was_scanned(
    turned: float, dpi: int, noise: float, shadow: float, squeezed: float, seed: int
):
    cleaned = clean(turned=turned, dpi=dpi, noise=noise, shadow=shadow, squeezed=squeezed, seed=seed)
    assert width_mm(cleaned) == pytest.approx((42.0, 42.0), abs=0.3)
    assert cleaned.measured_mm == pytest.approx(42.0, abs=0.3)
    if squeezed > 0.99:
        assert cleaned.sure and apart(cleaned.turned, turned) < 1.0
    found = pixels(cleaned)
    inked = found[..., 3] > 0
    assert (found[inked][:, :3] == RED).all() and not found[~inked].any()
    middle = found.shape[0] / 2
    rows, columns = np.nonzero(inked)
    assert np.hypot(rows + 0.5 - middle, columns + 0.5 - middle).max() < (21.0 + 0.25) / 25.4 * DPI
    below = found[
        round(0.72 * 2 * middle) : round(0.95 * 2 * middle), round(0.45 * 2 * middle) : round(0.55 * 2 * middle)
    ]
    assert not below[..., 3].any()  # bare paper inside the ring


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "TIFF", "GIF"])
def test_every_form_of_picture_is_taken(form: str):
    assert width_mm(clean(form=form, dpi=150, noise=2)) == pytest.approx((42.0, 42.0), abs=0.3)


def test_a_whole_page_at_600_dpi_is_taken():
    cleaned = clean_scan(on_a_page(scan(dpi=600, turned=12)), diameter_mm=42.0)
    assert width_mm(cleaned) == pytest.approx((42.0, 42.0), abs=0.15)
    assert cleaned.turned == pytest.approx(12, abs=0.3)


def test_faint_ink_and_black_print_over_it_are_told_from_the_imprint():
    faded = clean(faded=0.4, turned=33)
    assert width_mm(faded) == pytest.approx((42.0, 42.0), abs=0.3) and faded.ring < 0.85
    crossed = clean(print_over=True, dpi=600, turned=5)
    assert crossed.turned == pytest.approx(5, abs=0.5)
    assert len(np.unique(pixels(crossed).reshape(-1, 4)[:, :3], axis=0)) == 2  # red, and nothing


def test_the_extra_turn_is_clockwise():
    upright, turned = clean(dpi=200), clean_scan(scan(dpi=200), diameter_mm=42.0, turn=90)
    quarter = np.rot90(pixels(upright)[..., 3].astype(int), -1)
    assert np.abs(quarter - pixels(turned)[..., 3]).mean() < 6


def test_the_diameter_may_be_a_fraction_and_the_picture_has_whole_millimetres():
    cleaned = clean_scan(scan(dpi=200), diameter_mm=40.4)
    assert cleaned.side_mm == 41 and width_mm(cleaned) == pytest.approx((40.4, 40.4), abs=0.2)
    assert pixels(cleaned).shape[:2] == (round(41 / 25.4 * DPI),) * 2


def test_a_known_resolution_stands_in_for_one_that_the_file_does_not_state():
    unknown = scan(dpi=200, blind_dpi=True)
    assert clean_scan(unknown, diameter_mm=42.0).measured_mm is None
    assert clean_scan(unknown, diameter_mm=42.0, dpi=200).measured_mm == pytest.approx(42.0, abs=0.3)


def test_a_camera_held_upright_is_told_by_its_note():
    upright = Image.open(io.BytesIO(scan(dpi=200)))
    exif = Image.Exif()
    exif[0x0112] = 6
    written = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(written, "JPEG", exif=exif)
    assert apart(clean_scan(written.getvalue(), diameter_mm=42.0).turned, 0) < 1


def test_a_drawing_without_a_star_is_set_upright_by_its_name_and_its_middle():
    imprint = drawn().copy()
    middle = imprint.width // 2
    imprint.paste("white", (middle - 400, middle - 400, middle + 400, middle + 400))
    for left in (-250, 150):  # symmetric, and not five times
        imprint.paste((230, 0, 18), (middle + left, middle - 300, middle + left + 100, middle + 200))
    cleaned = clean(turned=-40, dpi=200, imprint=imprint)
    assert cleaned.sure and cleaned.turned == pytest.approx(-40, abs=1.5)


def test_the_same_scan_gives_the_same_picture():
    data = scan(dpi=150)
    assert clean_scan(data, diameter_mm=42.0).ofd() == clean_scan(data, diameter_mm=42.0).ofd()


def test_two_imprints_differ_by_what_only_one_of_them_has():
    from support.gongwen import font_set
    from yichuan.lib.gongwen.imprint import draw_imprint

    cleaned = clean(dpi=200, turned=20)
    same, other = (
        draw_imprint(name, diameter_mm=42.0, font=font_set()).ofd() for name in ("江门市环境保护局", "江门市卫生局")
    )
    assert difference(same, cleaned.png) < 0.02 < 0.08 < difference(other, cleaned.png)


def blank(**how: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (600, 600), **how).save(written, "PNG")  # type: ignore[arg-type]
    return written.getvalue()


def grey() -> bytes:
    written = io.BytesIO()
    Image.open(io.BytesIO(scan(dpi=150))).convert("L").save(written, "PNG")
    return written.getvalue()


def lies_about_its_size(width: int, height: int) -> bytes:
    """A BMP of a few bytes that says it has this many pixels."""
    small = io.BytesIO()
    Image.new("RGB", (2, 2)).save(small, "BMP")
    data = bytearray(small.getvalue())
    data[18:22], data[22:26] = width.to_bytes(4, "little"), height.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: b"", "scan_format"),
        (lambda: b"%PDF-1.4", "scan_format"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "scan_format"),
        (lambda: scan(dpi=150)[:3000], "scan_damaged"),
        (lambda: lies_about_its_size(20_000, 20_000), "scan_too_large"),
        (lambda: lies_about_its_size(6_000, 5_000), "scan_damaged"),
        (lambda: bytes(33 * 2**20), "scan_too_large"),
        (grey, "scan_not_red"),
        (lambda: blank(color="white"), "scan_not_red"),
        (lambda: blank(color="black"), "scan_not_red"),
        (lambda: blank(color="red"), "scan_not_red"),
        (lambda: scan(dpi=72, noise=1), "scan_too_small"),
        (lambda: scan(squeezed=0.55), "scan_not_round"),
        (lambda: scan(imprint=Image.new("RGB", (1984, 1984), (230, 0, 18))), "scan_no_ring"),
    ],
    ids=["empty", "pdf", "svg", "cut", "bomb", "short", "long", "grey", "white", "black", "red", "small", "aslant",
         "square"],
)  # fmt: skip
def test_what_is_no_scan_of_a_seal_is_refused_by_name(data: object, code: str):
    with pytest.raises(GongwenError) as caught:
        clean_scan(data(), diameter_mm=42.0)  # type: ignore[operator]
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"diameter_mm": 29}, "scan_diameter"),
        ({"diameter_mm": float("nan")}, "scan_diameter"),
        ({"diameter_mm": 42, "turn": float("inf")}, "scan_turn"),
    ],
)
def test_sizes_and_turns_have_bounds(how: dict[str, float], code: str):
    with pytest.raises(GongwenError) as caught:
        clean_scan(b"", **how)  # type: ignore[arg-type]
    assert caught.value.code == code
