"""The public verification page: what anybody in the network is told of a file, a picture, a code."""

import io
from datetime import timedelta
from typing import Any

import pytest
import segno
from django.test import Client
from PIL import Image

from support.evidence import packed
from support.pdf import sealed_pdf
from support.printing import issued
from support.seals import pki, sealed_ofd
from support.verify_page import PAGE, answer_to, stranger
from support.world import World
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.compose.services.read import read_body
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services import print_codes
from yichuan.exchange.services.print_codes import log_mark, make_codes
from yichuan.keys.services.authority import PRINT_CODES, certificate_of
from yichuan.lib.gm.x509 import Certificate, load_certificates
from yichuan.lib.ofd.package import Package
from yichuan.lib.print_code import LogMark
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal
from yichuan.seals.services.publish_status import publish_wanted, want_list

__all__ = ["stranger"]


def asked(client: Client, *files: tuple[str, bytes], **more: Any) -> str:
    return answer_to(client, *files, **more)[1]


def body(world: World) -> bytes:
    """A document that the centre sealed."""
    return read_body(world.sealed())


def code_of(world: World, number: int = 1, allowance: int = 2, log: LogMark | None = None) -> tuple[Delivery, str]:
    """A delivery to 市环保局, and the code of one of its copies; `log` as it stands unless another is given."""
    delivery = world.delivery("市环保局", allowance=allowance)
    catch_up()
    copy = issued(delivery, world.clerk["市环保局"], number)
    return delivery, make_codes(delivery, [copy], log or log_mark())[0]


def picture(text: str, scale: int = 6) -> bytes:
    """A photograph of the symbol, a little turned."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=scale, border=8)
    turned = Image.open(drawn).convert("L").rotate(7, expand=True, fillcolor=255)
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=70)
    return out.getvalue()


def test_the_page_opens_without_an_account_and_is_kept_by_nobody(world: World, stranger: Client) -> None:
    answer = stranger.get(PAGE)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert "不用登录" in answer.content.decode()


def test_a_sound_document_is_told_check_by_check(world: World, stranger: Client) -> None:
    said = asked(stranger, ("公文.ofd", body(world)))
    for check in ("内容完整", "印章", "印章状态", "签章人", "时间", "保护范围"):
        assert f"<b>{check}</b>" in said
    assert "签章有效：印章和签章人可信，盖章后没有改动。" in said
    assert "江门市人民政府办公室" in said
    assert "核验不包括" in said


@pytest.mark.one_database
def test_a_changed_page_is_named(world: World, stranger: Client) -> None:
    package = Package.open(body(world))
    name = next(each for each in package.names() if each.endswith("Content.xml"))
    changed = package.replace({name: package.read(name).replace(b'Boundary="', b'Boundary="1', 1)})
    said = asked(stranger, ("改过.ofd", changed))
    assert "有检查没有通过" in said
    assert "签名后被改动或缺失" in said


def test_a_document_sealed_after_its_seal_was_lost_fails_with_the_reason(world: World, stranger: Client) -> None:
    data = body(world)
    Seal.objects.update(state=SealState.SUSPENDED, suspended_at=clock.now() - timedelta(days=1), cause=Cause.LOSS)
    with command():
        want_list()
    publish_wanted()
    said = asked(stranger, ("公文.ofd", data))
    assert "暂停使用（遗失）" in said
    assert "有检查没有通过" in said


@pytest.mark.one_database
def test_a_strangers_seal_cannot_be_told(world: World, stranger: Client) -> None:
    assert "没有可信根证书可以验证它" in asked(stranger, ("别处.ofd", sealed_ofd()), ("别处.pdf", sealed_pdf()))


@pytest.mark.one_database
def test_an_evidence_package_of_another_centre_is_looked_at_and_not_believed(world: World, stranger: Client) -> None:
    said = asked(stranger, ("证据包.zip", packed()))
    assert "证据包" in said
    assert "夹带的内容" in said
    assert "签章有效" not in said


@pytest.mark.one_database
@pytest.mark.parametrize(
    "data", [b"", b"just words", b"PK\x03\x04", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\x30\x82\x01"]
)
def test_what_cannot_be_verified_is_told_with_what_can(world: World, stranger: Client, data: bytes) -> None:
    status, said = answer_to(stranger, ("x", data), ("y", b"words"))
    assert status == 200
    assert "签章有效" not in said
    assert "OFD" in said


@pytest.mark.one_database
def test_several_files_get_a_row_each(world: World, stranger: Client) -> None:
    said = asked(stranger, ("一.ofd", body(world)), ("二.txt", b"words"), ("三.ofd", sealed_ofd()))
    assert said.count('<details class="yc-verified"') == 3
    assert "3 个" in said


@pytest.mark.one_database
def test_the_name_of_a_file_stays_a_name(world: World, stranger: Client) -> None:
    assert "<script>alert" not in asked(stranger, ("<script>alert(1)</script>.ofd", b"words"))


def test_the_code_of_a_printed_copy_says_which_it_is_who_printed_it_and_that_it_is_on_record(
    world: World, stranger: Client
) -> None:
    delivery, text = code_of(world, 2, allowance=3)
    said = asked(stranger, code=text)
    assert "这是本中心登记过的编号打印原件" in said
    assert "第 2 份，该单位可打印 3 份" in said
    serial = Certificate.from_der(bytes(delivery.unit.seals.get().verification.certificate)).serial
    assert f"打印时由市环保局的验证印章核对，证书序号 {serial:x}" in said
    assert "不证明纸上的字没有改过" in said


@pytest.mark.one_database
def test_a_picture_of_the_code_says_the_same(world: World, stranger: Client) -> None:
    said = asked(stranger, ("照片.jpg", picture(code_of(world)[1])))
    assert "这是本中心登记过的编号打印原件" in said


def test_a_torn_an_altered_and_a_foreign_code_are_told_apart(
    world: World, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = code_of(world)[1]
    assert "打印码残缺" in asked(stranger, code=text[: len(text) // 2])
    assert "打印码已被改动" in asked(stranger, code=text.replace("|市环保局|", "|市卫生局|"))
    monkeypatch.setattr(
        print_codes, "code_certificates", lambda: [pki().unit.certificate]
    )  # as another centre reads it
    said = asked(stranger, code=text)
    assert "不是这个交换中心签发的打印码" in said
    assert "这是本中心登记过的" not in said


def test_the_log_is_held_against_the_checkpoint_on_the_paper(world: World, stranger: Client) -> None:
    text = code_of(world)[1]
    mark = log_mark()
    assert mark.size > 0
    said = asked(stranger, code=text)
    assert str(mark) in said
    assert "日志从纸上的检查点延续至今" in said
    with command():
        record(verb="exchange.look", actor=None)
    catch_up()
    assert "日志从纸上的检查点延续至今" in asked(stranger, code=text), "the log has grown since"


@pytest.mark.parametrize(
    ("log", "found"),
    [(LogMark(3, b"8 others"), "日志被改写过"), (LogMark(10**9, b"8 others"), "被截去过")],
    ids=["rewritten", "rolled back"],
)
def test_a_log_that_is_not_the_one_on_the_paper_is_named(
    world: World, stranger: Client, log: LogMark, found: str
) -> None:
    """Paper remembers what a database put back has forgotten."""
    assert found in asked(stranger, code=code_of(world, log=log)[1])


def test_a_copy_that_is_not_on_record_is_named(world: World, stranger: Client) -> None:
    text = code_of(world)[1]
    PrintedCopy.objects.update(state=PrintedCopy.State.FAILED)
    assert "登记簿里没有这一份" in asked(stranger, code=text)


def test_a_copy_whose_verification_seal_said_something_else_is_named(world: World, stranger: Client) -> None:
    text = code_of(world)[1]
    copy = PrintedCopy.objects.get()
    copy.verified = bytes(copy.verified or b"").replace(b'"print":[1]', b'"print":[2]')
    copy.save()
    assert "验证印章的签名与打印码不一致" in asked(stranger, code=text)


def test_a_code_tells_a_stranger_nothing_that_is_not_on_the_paper(world: World, stranger: Client) -> None:
    delivery, text = code_of(world)
    said = asked(stranger, code=text)
    printer = world.clerk["市环保局"].name
    for secret in (delivery.dispatch.document.title, delivery.dispatch.sender_name, str(delivery.pk), printer):
        assert secret not in said


def test_the_certificates_for_verifying_without_a_network_are_given_out(world: World, stranger: Client) -> None:
    answer = stranger.get("/verify/print-codes.pem")
    assert load_certificates(answer.content) == [certificate_of(PRINT_CODES)]


@pytest.mark.one_database
def test_a_picture_without_a_code_says_how_to_take_a_better_one(world: World, stranger: Client) -> None:
    assert "没有找到打印码" in asked(stranger, ("照片.jpg", picture("另一个二维码")))
