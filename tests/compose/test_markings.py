"""What bears a mark of 密级 or 内部资料 is refused with the profile's article (J-4); what only speaks of it is not."""

import re

import pytest
from pytest_django import Settings

from support.ofd import EMBEDDED, FONT, ofd, song
from support.world import World, small_gongwen
from yichuan.common.errors import Invalid
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.drafting.markings import require_unmarked
from yichuan.compose.models import Document
from yichuan.compose.services.finish import finish
from yichuan.compose.services.save import begin
from yichuan.compose.services.uploads import upload_body


def begun(world: World, **changed: str) -> Document:
    fields = from_gongwen(small_gongwen("江府办〔2008〕9001号"), kind="通知") | changed
    return begin(actor=world.sending_clerk, unit=world.sender, fields=fields)


def text_at(y: int, words: str) -> str:
    return (
        f"<ofd:TextObject ID='{y}' Boundary='28 {y} 120 8' Font='3' Size='5.6'>"
        f"<ofd:TextCode X='0' Y='5.6' DeltaX='g {len(words) - 1} 5.6'>{words}</ofd:TextCode></ofd:TextObject>"
    )


@pytest.mark.parametrize(
    ("profile", "article"), [("jiangmen-2008", "第四条（一）"), ("guangdong-2012", "按保密规定送达")]
)
def test_a_marked_title_does_not_even_become_a_draft(
    world: World, settings: Settings, profile: str, article: str
) -> None:
    settings.YICHUAN_PROFILE = profile
    with pytest.raises(Invalid, match=re.escape(article)) as refused:
        begun(world, title="机密★1年 关于调整水质监测断面的通知")
    assert set(refused.value.errors) == {"title"} and not Document.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer_mark": "秘密★1年\n江门市人民政府办公室文件"},
        {"body": "内部资料，注意保存\n各单位要报送断面调整情况。"},
        {"note": "内部文件，不得外传"},
    ],
    ids=["head", "body", "note"],
)
def test_a_mark_elsewhere_stops_the_making(world: World, changed: dict[str, str]) -> None:
    draft = begun(world, **changed)
    with pytest.raises(Invalid, match="第四条（一）") as refused:
        finish(actor=world.sending_clerk, document_id=draft.pk)
    assert set(refused.value.errors) == set(changed)


def test_a_document_about_secrets_goes_its_way(world: World) -> None:
    body = "各单位要按规定标注“秘密★1年”等标志，内部资料不得外传。\n秘密"
    draft = begun(world, title="关于加强机密级计算机和内部资料管理的通知", body=body)
    assert finish(actor=world.sending_clerk, document_id=draft.pk).body


def test_a_finished_body_with_a_mark_at_its_head_is_refused(world: World) -> None:
    draft = begun(world)
    for words in ("绝密★30年", "内部资料 注意保存"):
        with pytest.raises(Invalid, match="第四条（一）"):
            data = ofd(text_at(40, words), resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": song()})
            upload_body(actor=world.sending_clerk, document_id=draft.pk, name="a.ofd", data=data)
    draft.refresh_from_db()
    assert draft.body == ""


@pytest.mark.parametrize(
    "objects",
    [text_at(40, "关于秘密文件管理的通知"), text_at(220, "机密★1年"), "", text_at(40, "秘密★1年的文件要登记")],
    ids=["title", "low on the page", "a picture", "sentence"],
)
def test_a_finished_body_without_one_is_taken(objects: str) -> None:
    require_unmarked(ofd(objects, resources=FONT))
