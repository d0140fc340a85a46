"""Imprints of scans: cleaned, compared with what the rules draw, carried by a seal; bad files refused in words."""

import io

import numpy as np
import pytest
from PIL import Image

from support.scans import drawn, scan
from support.seal_imprints import OWN, approved_row, drawn_row, own_scan
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.org.duties import Duty
from yichuan.org.models import CentreRole
from yichuan.seals.imprint_facts import measured
from yichuan.seals.models import Imprint
from yichuan.seals.services import imprint_scan
from yichuan.seals.services.imprint_draw import picture_of

pytestmark = pytest.mark.one_database


def take(world: World, data: bytes, **how: object) -> Imprint:
    wanted = {
        "actor": world.custodian["市府办公室"],
        "unit": world.sender,
        "unit_name": world.sender.names.get(),
        "data": data,
        "diameter_mm": 42.0,
    }
    return imprint_scan.take(**(wanted | how))  # type: ignore[arg-type]


def test_a_scan_becomes_an_imprint_with_its_measures(world: World):
    row = take(world, own_scan())
    facts = row.inputs["scan"]
    assert row.source == Imprint.Source.SCANNED and row.name == OWN
    assert facts["measured_mm"] == pytest.approx(42.0, abs=0.3)
    assert facts["turned"] == pytest.approx(12.0, abs=0.5) and facts["sure"]
    assert facts["difference"] < 0.02
    assert [each.state for each in measured(row)] == ["ok"] * 6
    assert Entry.objects.filter(verb="seals.take_imprint", subject_id=row.pk).exists()


def test_the_seal_carries_the_pixels_of_the_scan_at_their_size(world: World):
    row = take(world, own_scan())
    picture = picture_of(row)
    clear, scanned = (
        np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., 3]
        for data in (picture.data, bytes(row.scan or b""))
    )
    assert (picture.kind, picture.width_mm, picture.height_mm) == ("png", 42, 42)
    assert np.array_equal(clear, scanned)
    columns = (clear > 128).any(axis=0).nonzero()[0]
    assert (columns[-1] - columns[0] + 1) / 600 * 25.4 == pytest.approx(42.0, abs=0.1)


def test_a_scan_beside_a_drawing_is_measured_against_it(world: World):
    row = drawn_row(world)
    laid = imprint_scan.lay_beside(actor=row.made_by, imprint_id=row.pk, data=own_scan())
    assert laid.inputs["scan"]["difference"] < 0.02
    assert bytes(laid.scan or b"").startswith(b"\x89PNG")
    assert (laid.digest, bytes(laid.ofd)) == (row.digest, bytes(row.ofd))


def test_a_scan_of_another_units_seal_shows_its_difference(world: World):
    other = scan(turned=5, dpi=200, size_mm=(60, 56), imprint=drawn("江门市卫生局"))
    row = take(world, other)
    assert row.inputs["scan"]["difference"] > 0.05
    [differs] = [each for each in measured(row) if each.name == "差异"]
    assert differs.state == "warn" and "逐字核对" in differs.text


def test_nothing_is_laid_beside_an_approved_imprint_or_a_scan(world: World):
    approved = approved_row(world)
    with pytest.raises(Refused, match="已经批准"):
        imprint_scan.lay_beside(actor=approved.made_by, imprint_id=approved.pk, data=own_scan())
    scanned = take(world, own_scan())
    with pytest.raises(Refused, match="本身就是扫描件"):
        imprint_scan.lay_beside(actor=approved.made_by, imprint_id=scanned.pk, data=own_scan())


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"GIF89a", "不是能打开的图片"), (b"", "不是能打开的图片"), (None, "损坏")],
    ids=["cut gif", "empty", "cut jpeg"],
)
def test_a_bad_file_is_refused_beside_its_field(world: World, data: bytes | None, words: str):
    with pytest.raises(Invalid, match=words) as refused:
        take(world, own_scan()[:4000] if data is None else data)
    assert list(refused.value.errors) == ["scan"]
    assert not Imprint.objects.exists()


def test_a_line_with_another_units_name_is_refused_with_a_scan_too(world: World):
    with pytest.raises(Invalid, match="另一个单位的名称"):
        take(world, own_scan(), bottom_line="市卫生局专用章")


def test_the_name_is_one_of_the_units_own(world: World):
    with pytest.raises(NotFound):
        take(world, own_scan(), unit_name=world.units["市卫生局"].names.get())


def test_the_operator_makes_one_of_the_picture_that_came_with_the_batch_and_others_do_not(world: World):
    CentreRole.objects.update_or_create(role=CentreRole.Role.OPERATING, defaults={"unit": world.units["市规划局"]})
    operator = world.holder(Duty.OPERATOR, "市规划局")
    assert take(world, own_scan(), actor=operator).made_by == operator
    for stranger in (world.leader, world.appoint_custodian("市卫生局"), world.holder(Duty.OPERATOR, "市建设局")):
        with pytest.raises(NotAllowed):
            take(world, own_scan(), actor=stranger)
