"""The form checker beside the draft: what departs from the standard is said, and keeps nobody from finishing."""

from support.world import World, small_gongwen
from yichuan.compose.drafting.content import from_gongwen


def _edited(world: World, **changes: str) -> str:
    clerk, document = world.browser(world.sending_clerk), world.draft()
    fields = from_gongwen(small_gongwen(document.number), kind="通知") | changes
    return clerk.post(f"/documents/{document.pk}/edit/", fields, headers={"HX-Request": "true"}).content.decode()


def test_a_sound_draft_has_no_hints(world: World) -> None:
    page = _edited(world)
    assert "已按 GB/T 9704 排好版" in page
    assert "提示" not in page


def test_a_departure_is_said_with_its_clause_and_leads_to_its_field(world: World) -> None:
    page = _edited(world, body="今天,我们开会。", attachments="报名表；")
    assert "已按 GB/T 9704 排好版" in page
    assert "附件名称后不加标点符号。（7.3.4）" in page
    assert "改用全角标点。（GB/T 15834-2011）" in page
    assert 'href="#id_attachments"' in page


def test_a_draft_that_cannot_be_typeset_has_its_faults_alone(world: World) -> None:
    page = _edited(world, title="", attachments="报名表；")
    assert "标题是空的" in page
    assert "7.3.4" not in page
