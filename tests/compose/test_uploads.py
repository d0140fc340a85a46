"""Files that come in: what they are, their bytes say."""

import io
import zipfile

import pytest

from support.seals import sealed_ofd, small_ofd
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.compose.drafting import filetypes
from yichuan.compose.models import Attachment, Document
from yichuan.compose.services import uploads
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import reopen
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.read import read_attachment, read_body
from yichuan.compose.services.save import save
from yichuan.compose.services.uploads import attach, detach, upload_body

EXE = b"MZ\x90\x00" + bytes(60)


def _attach(world: World, document: Document, name: str, data: bytes) -> Attachment:
    return attach(actor=world.sending_clerk, document_id=document.pk, name=name, data=data)


def _upload(world: World, document: Document, data: bytes, name: str = "成品.ofd") -> Document:
    return upload_body(actor=world.sending_clerk, document_id=document.pk, name=name, data=data)


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            package.writestr(name, data)
    return out.getvalue()


def test_an_attachment_comes_back_byte_for_byte_in_its_order(world: World) -> None:
    document = world.draft()
    for name, data in (("表一.csv", b"a,b\n"), ("图.png", b"\x89PNG\r\n\x1a\n...")):
        _attach(world, document, name, data)
    names = [(each.name, each.media_type) for each in document.attachments.all()]
    assert names == [("表一.csv", "text/csv"), ("图.png", "image/png")]
    found, data = read_attachment(document, own_key(document), document.attachments.all()[0].pk)
    assert (found.name, b"".join(data), found.size) == ("表一.csv", b"a,b\n", 4)
    assert Entry.objects.filter(verb="compose.attach", subject_id=document.pk).count() == 2


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("报告.docx", EXE, "内容却是可执行程序"),
        ("报告.docx", b"%PDF-1.7", "内容却是PDF"),
        ("报告.pdf", b"PK\x03\x04....", "内容却是压缩包类文件"),
        ("图.png", b"\xff\xd8\xff", "内容却是别的内容"),
        ("表.csv", b"a\x00b", "内容却是别的内容"),
        ("表.csv", b"\xff\xff\xff", "内容却是别的内容"),
        ("程序.exe", EXE, "不接收「.exe」"),
        ("没有后缀", b"abc", "不接收「没有后缀」"),
        ("空.txt", b"", "是空文件"),
        ("", b"abc", "文件名应在"),
        ("长" * 121 + ".txt", b"abc", "文件名应在"),
        ("报告\u202etxt.csv", b"abc", "看不见的字符"),
        ("a\nb.txt", b"abc", "看不见的字符"),
        ("..", b"abc", "不接收"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(world: World, name: str, data: bytes, said: str) -> None:
    document = world.draft()
    with pytest.raises(Invalid) as refusal:
        _attach(world, document, name, data)
    assert said in refusal.value.errors["file"]
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/表.csv", "C:\\桌面\\表.csv", "/表.csv"])
def test_folders_in_a_name_are_left_out(world: World, name: str) -> None:
    assert _attach(world, world.draft(), name, b"a,b").name == "表.csv"


def test_a_file_above_the_limit_is_refused_with_the_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes.settings, "YICHUAN_UPLOAD_LIMIT", 2**20)
    with pytest.raises(Invalid) as refusal:
        _attach(world, world.draft(), "大.txt", b"a" * (2**20 + 1))
    assert "不超过 1 MB" in refusal.value.errors["file"]


def test_there_are_as_many_as_allowed_also_after_one_was_removed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_ATTACHMENTS", 3)
    document = world.draft()
    first, *_ = [_attach(world, document, f"{number}.txt", b"abc") for number in range(3)]
    with pytest.raises(Invalid) as refusal:
        _attach(world, document, "4.txt", b"abc")
    assert "最多 3 个" in refusal.value.errors["file"]
    detach(actor=world.sending_clerk, document_id=document.pk, attachment_id=first.pk)
    _attach(world, document, "4.txt", b"abc")
    assert [each.name for each in document.attachments.all()] == ["1.txt", "2.txt", "4.txt"]


@pytest.mark.parametrize("state", ["sealed", "sent"])
def test_what_is_sealed_takes_and_loses_no_attachment(world: World, state: str) -> None:
    document = world.draft()
    kept = _attach(world, document, "表.csv", b"a,b")
    if state == "sealed":
        world.sealed(document)
    else:
        world.sent("市环保局", document=document)
    with pytest.raises(Refused) as refusal:
        _attach(world, document, "表二.csv", b"a,b")
    assert refusal.value.code == "wrong_state"
    with pytest.raises(Refused):
        detach(actor=world.sending_clerk, document_id=document.pk, attachment_id=kept.pk)
    assert document.attachments.count() == 1


def test_an_attachment_of_another_document_is_not_found(world: World) -> None:
    mine, other = world.draft(), world.draft()
    attached = _attach(world, other, "表.csv", b"a,b")
    detach(actor=world.sending_clerk, document_id=mine.pk, attachment_id=attached.pk)
    assert Attachment.objects.count() == 1
    with pytest.raises(NotFound):
        read_attachment(mine, own_key(mine), attached.pk)


def test_another_units_draft_takes_no_attachment(world: World) -> None:
    with pytest.raises(NotFound):
        attach(actor=world.clerk["市卫生局"], document_id=world.draft().pk, name="表.csv", data=b"a")


def test_a_finished_ofd_becomes_the_body(world: World) -> None:
    document, data = world.draft(), small_ofd(pages=2)
    uploaded = _upload(world, document, data)
    assert (uploaded.state, uploaded.pages, uploaded.source) == ("ready", 2, "upload")
    assert read_body(uploaded) == data
    assert Entry.objects.get(verb="compose.finish").detail["upload"] is True


def test_an_uploaded_body_can_be_taken_back_for_another_one(world: World) -> None:
    document = world.draft()
    _upload(world, document, small_ofd(pages=2))
    assert reopen(actor=world.sending_clerk, document_id=document.pk).source == "typeset"
    assert _upload(world, document, small_ofd(pages=3)).pages == 3


BOMB = {"OFD.xml": bytes(8 * 1024 * 1024)}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("成品.ofd", EXE, "内容却是可执行程序"),
        ("成品.pdf", b"%PDF-1.7", "请选择 .ofd 文件"),
        ("成品.ofd", b"", "是空文件"),
        ("成品.ofd", b"PK\x03\x04" + bytes(100), "打不开"),
        ("成品.ofd", small_ofd()[:-40], "打不开"),
        ("成品.ofd", _zip({"word/document.xml": b"<a/>"}), "打不开"),
        ("成品.ofd", _zip({"OFD.xml": b"<OFD"}), "打不开"),
        ("成品.ofd", _zip({"../OFD.xml": b"<a/>"}), "打不开"),
        ("成品.ofd", _zip(BOMB), "压缩得异常"),
        ("成品.ofd", small_ofd(pages=0), "一页也没有"),
    ],
    ids=["exe", "pdf", "empty", "broken zip", "cut short", "docx", "broken xml", "path escape", "zip bomb", "no page"],
)
def test_what_is_no_sound_ofd_is_refused_and_nothing_is_kept(world: World, name: str, data: bytes, said: str) -> None:
    document = world.draft()
    with pytest.raises(Invalid) as refusal:
        _upload(world, document, data, name)
    assert said in refusal.value.errors["file"]
    document.refresh_from_db()
    assert (document.state, document.body) == ("draft", "")


def test_a_body_with_a_damaged_page_is_refused(world: World) -> None:
    from support.seals import changed

    broken = changed(small_ofd(pages=2), {"Doc_0/Pages/Page_1/Content.xml": b"<ofd:Page"})
    with pytest.raises(Invalid):
        _upload(world, world.draft(), broken)


@pytest.mark.parametrize(("number", "said"), [("", "请先填写"), ("随便写的号", "发文字号应写成")])
def test_an_uploaded_document_needs_a_number_of_the_form(world: World, number: str, said: str) -> None:
    document = world.draft()
    changed = read_content(document)[0] | {"number": number}
    save(actor=world.sending_clerk, document_id=document.pk, fields=changed)
    with pytest.raises(Invalid) as refusal:
        _upload(world, document, small_ofd())
    assert said in refusal.value.errors["number"]


def test_an_urgent_document_is_not_uploaded_either(world: World) -> None:
    document = world.draft()
    changed = read_content(document)[0] | {"urgency": "特急"}
    save(actor=world.sending_clerk, document_id=document.pk, fields=changed)
    with pytest.raises(Invalid) as refusal:
        _upload(world, document, small_ofd())
    assert "第四条" in refusal.value.errors["urgency"]


def test_only_a_draft_takes_a_finished_body(world: World) -> None:
    document = world.ready()
    with pytest.raises(Refused) as refusal:
        _upload(world, document, small_ofd())
    assert refusal.value.code == "wrong_state"


def test_a_body_that_a_stranger_sealed_can_be_sealed_but_not_signed_for(world: World) -> None:
    from yichuan.exchange.services.check import check_delivery
    from yichuan.exchange.services.send import send

    document = _upload(world, world.draft(), sealed_ofd())
    dispatch = send(
        actor=world.sending_clerk,
        document=world.put_seal(document),
        recipients=world.recipients("市环保局"),
        idempotency_key=document.pk,
    )
    assert not check_delivery(dispatch.deliveries.get()).sound


def test_the_same_file_is_not_added_twice_and_another_of_its_name_is(world: World) -> None:
    document = world.draft()
    first = {"actor": world.sending_clerk, "document_id": document.pk, "name": "表.csv"}
    attach(**first, data=b"a,b")
    with pytest.raises(Invalid) as refusal:
        attach(**first, data=b"a,b")
    assert "已经添加过" in refusal.value.errors["file"]
    attach(**first, data=b"a,c")
    assert document.attachments.count() == 2
