"""Drawing an imprint by the rules: rank, names, lines under the star; what is another unit's is refused."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from support.seal_imprints import OWN, approved_row, drawn_row
from support.world import World
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.org.models import Unit, UnitName
from yichuan.org.services.names import add_name, drop_name
from yichuan.seals.models import Imprint
from yichuan.seals.services.imprint_approve import approve, drop
from yichuan.seals.services.imprint_draw import picture_of
from yichuan.seals.services.imprint_text import rule_for

STAR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0 L9 0 L4 9 Z"/></svg>'


def further(world: World, name: str, short: str) -> UnitName:
    with command():
        return add_name(actor=None, unit=world.sender, name=name, short_name=short, on=date(2008, 1, 1))


def test_the_picture_for_the_seal_is_a_png_of_its_size(world: World):
    picture = picture_of(drawn_row(world))
    assert (picture.kind, picture.width_mm, picture.height_mm) == ("png", 42, 42)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert [side / dots * 25.4 for side, dots in zip(image.size, image.info["dpi"], strict=True)] == pytest.approx(
            [42, 42], abs=0.05
        )


def test_a_picture_that_changed_since_makes_no_seal(world: World):
    row = approved_row(world)
    other = drawn_row(world, bottom_line="合同专用章")
    Imprint.objects.filter(pk=row.pk).update(ofd=other.ofd)
    row.refresh_from_db()
    with pytest.raises(Refused, match="和批准时的不一样"):
        picture_of(row)


def test_a_department_takes_a_star_and_45_mm_at_most(world: World):
    assert drawn_row(world, diameter_mm=45).inputs["rule"].endswith("五角星")
    with pytest.raises(Invalid, match="45 毫米之间"):
        drawn_row(world, diameter_mm=46)


def test_a_governments_seal_wants_the_sites_emblem_and_is_refused_with_the_remedy(
    world: World, settings, tmp_path: Path
):
    government = further(world, "江门市人民政府", "江门市政府")
    with pytest.raises(Refused, match="YICHUAN_EMBLEM"):
        drawn_row(world, name_id=government.pk, diameter_mm=45)
    file = tmp_path / "emblem.svg"
    file.write_text(STAR, encoding="utf-8")
    settings.YICHUAN_EMBLEM = str(file)
    row = drawn_row(world, name_id=government.pk, diameter_mm=45)
    assert row.name == "江门市人民政府" and "国徽" in row.inputs["rule"]
    with pytest.raises(Invalid, match="只能是 45 毫米"):
        drawn_row(world, name_id=government.pk, diameter_mm=42)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"<svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>']
)
def test_a_bad_emblem_file_is_refused_in_words(world: World, settings, tmp_path: Path, content: bytes):
    government = further(world, "江门市人民政府", "江门市政府")
    file = tmp_path / "emblem.svg"
    file.write_bytes(content)
    settings.YICHUAN_EMBLEM = str(file)
    with pytest.raises(Refused, match="国徽图样"):
        drawn_row(world, name_id=government.pk, diameter_mm=45)


def test_a_governments_seal_for_a_special_use_bears_a_star(world: World):
    government = further(world, "江门市人民政府", "江门市政府")
    row = drawn_row(world, name_id=government.pk, bottom_line="行政复议专用章")
    assert row.inputs["bottom_line"] == "行政复议专用章"
    assert rule_for(row.name, "行政复议专用章").centre == "star"


def test_each_name_that_a_unit_carries_has_its_own_imprint(world: World):
    second = further(world, "江门市外事办公室", "市外事办")
    assert drawn_row(world, name_id=second.pk, foreign="FOREIGN AFFAIRS OFFICE OF JIANGMEN").name == second.name


def test_a_name_that_was_dropped_or_is_anothers_is_refused(world: World):
    second = further(world, "江门市外事办公室", "市外事办")
    with command():
        drop_name(actor=None, unit=world.sender, name=second, on=date(2008, 2, 1))
    for name in (second, world.units["市卫生局"].names.get()):
        with pytest.raises(NotFound, match="不是本单位现在的名称"):
            drawn_row(world, name_id=name.pk)


def test_the_end_of_the_name_may_stand_straight_below(world: World):
    row = drawn_row(world, bottom_line="办公室")
    assert (row.inputs["tail"], row.inputs["bottom_line"], row.name) == ("办公室", "", OWN)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("市卫生局专用章", "另一个单位的名称"),
        ("江门市卫生局章", "另一个单位的名称"),
        ("市卫生局\u200b专用章", "看不见的"),
        ("市\u202e卫生局章", "看不见的"),
        ("市衛生局 章", "看不见的"),
        ("工ニ专用章", "看不见的"),
        ("第а专用章", "看不见的"),
        ("市卫 生局章", "看不见的"),
        ("卫生", "以“章”字结尾"),
        ("章" * 13, "最多 12 个字"),
    ],
)
def test_a_line_that_is_not_the_units_to_say_is_refused(world: World, line: str, words: str):
    with pytest.raises(Invalid, match=words) as refused:
        drawn_row(world, bottom_line=line)
    assert list(refused.value.errors) == ["bottom_line"]


def test_a_look_alike_of_another_unit_is_that_unit(world: World):
    with pytest.raises(Invalid, match="另一个单位的名称「市建设局」"):
        drawn_row(world, bottom_line="市建设局（章）章")
    with pytest.raises(Invalid, match="另一个单位的名称"):
        drawn_row(world, bottom_line="市（卫生）局章")


@pytest.mark.parametrize("foreign", ["JIANGMЕN", "JIANG  MEN", "江门", "A" * 61, "A\u200bB", "\u202eA"])
def test_a_foreign_name_is_latin_letters_and_short(world: World, foreign: str):
    with pytest.raises(Invalid) as refused:
        drawn_row(world, foreign=foreign)
    assert list(refused.value.errors) == ["foreign"]


def test_only_the_units_own_people_draw(world: World):
    stranger = world.appoint_custodian("市卫生局")
    with pytest.raises(NotAllowed):
        drawn_row(world, actor=stranger)
    with pytest.raises(NotAllowed):
        drawn_row(world, actor=world.leader)


def test_a_closed_unit_draws_nothing(world: World):
    row = drawn_row(world)
    Unit.objects.filter(pk=world.sender.pk).update(closed_at=row.made_at)
    with pytest.raises(Refused, match="已经注销"):
        drawn_row(world)


def test_drafts_do_not_pile_up(world: World):
    row = drawn_row(world)
    Imprint.objects.bulk_create(
        Imprint(unit=row.unit, unit_name=row.unit_name, source="drawn", name=row.name, diameter_mm=42, ofd=b"",
                svg="", digest="", made_by=row.made_by, made_at=row.made_at)
        for _ in range(19)
    )  # fmt: skip
    with pytest.raises(Refused, match="先删去不用的"):
        drawn_row(world)
    drop(actor=row.made_by, imprint_id=row.pk)
    assert drawn_row(world)


def test_the_head_approves_what_the_page_showed_and_nothing_changes_after(world: World):
    row, other = drawn_row(world), drawn_row(world, bottom_line="合同专用章")
    with pytest.raises(NotAllowed):
        approve(actor=world.custodian["市府办公室"], imprint_id=row.pk, digest=row.digest)
    with pytest.raises(Refused, match="不是页面上显示的"):
        approve(actor=world.leader, imprint_id=row.pk, digest=other.digest)
    approved = approve(actor=world.leader, imprint_id=row.pk, digest=row.digest)
    assert approved.approved_by == world.leader and approved.approved_at
    for change in (
        lambda: approve(actor=world.leader, imprint_id=row.pk, digest=row.digest),
        lambda: drop(actor=world.custodian["市府办公室"], imprint_id=row.pk),
    ):
        with pytest.raises(Refused, match="已经批准"):
            change()


def test_nobody_approves_under_a_name_that_is_gone(world: World):
    second = further(world, "江门市外事办公室", "市外事办")
    row = drawn_row(world, name_id=second.pk)
    with command():
        drop_name(actor=None, unit=world.sender, name=second, on=date(2008, 2, 1))
    with pytest.raises(Refused, match="已不是本单位现在的名称"):
        approve(actor=world.leader, imprint_id=row.pk, digest=row.digest)


def test_who_made_it_does_not_approve_it_while_somebody_else_may(world: World):
    row = drawn_row(world)
    Imprint.objects.filter(pk=row.pk).update(made_by=world.leader)
    world.appoint_leader("市府办公室")
    with pytest.raises(Refused, match="另一位负责人"):
        approve(actor=world.leader, imprint_id=row.pk, digest=row.digest)


def test_the_head_of_another_unit_sees_no_imprint_to_approve(world: World):
    row = drawn_row(world)
    with pytest.raises(NotFound):
        approve(actor=world.appoint_leader("市卫生局"), imprint_id=row.pk, digest=row.digest)
