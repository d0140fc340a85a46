"""A finished body is bounded before it is drawn: its pages, and what all of them cost together."""

import pytest

from support.ofd import square, text_object, tiny_entries
from support.world import World
from yichuan.common.errors import Invalid
from yichuan.compose.models import Document
from yichuan.compose.services import uploads
from yichuan.compose.services.uploads import upload_body
from yichuan.compose.states import DocumentState
from yichuan.lib.ofd.package import write_package
from yichuan.lib.ofd.scene.layout import deltas

pytestmark = pytest.mark.one_database


def _pages(count: int, objects: str) -> bytes:
    """That many pages, all of them naming one content."""
    entries = tiny_entries(objects)
    page = b"<ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/>"
    several = b"".join(page.replace(b"'1'", f"'{number}'".encode()) for number in range(1, count + 1))
    entries["Doc_0/Document.xml"] = entries["Doc_0/Document.xml"].replace(page, several)
    return write_package(entries)


def _upload(world: World, data: bytes) -> Document:
    return upload_body(actor=world.sending_clerk, document_id=world.draft().pk, name="成品.ofd", data=data)


def test_more_pages_than_any_document_has_are_refused_before_they_are_drawn(world: World) -> None:
    with pytest.raises(Invalid, match="页数太多"):
        _upload(world, _pages(uploads.MOST_PAGES + 1, square(10, 10)))
    assert not Document.objects.exclude(state=DocumentState.DRAFT).exists()


def test_what_many_pages_share_is_drawn_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OBJECTS", 3)
    assert _upload(world, _pages(50, square(10, 10))).pages == 50


def test_pages_that_cost_too_much_together_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OBJECTS", 10)
    with pytest.raises(Invalid, match="内容太复杂"):
        _upload(world, _pages(1, "".join(square(10, 10) for _ in range(20))))


def test_steps_behind_the_last_character_cost_nothing(world: World) -> None:
    assert len(deltas("g 99999 1 g 99999 1", 3)) == 3
    code = "<ofd:TextCode X='0' Y='8' DeltaX='g 99999 1'>甲乙</ofd:TextCode>"
    assert _upload(world, _pages(1, text_object(code) * 1_000)).pages == 1
