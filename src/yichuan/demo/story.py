"""The demonstration's story, told through the same services as the pages; each step's result is checked."""

import json
import secrets
import string
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils.timezone import localtime

from yichuan.audit.models import Entry
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.finish import finish
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import begin
from yichuan.compose.services.seal import seal_document
from yichuan.demo.units import planned_units
from yichuan.exchange.models import Delivery, Dispatch, Receipt
from yichuan.exchange.services.print_original import print_original
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.send import Recipient, send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.gongwen.imprint import draw_imprint
from yichuan.operations.services.open_centre import open_centre
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.services.appoint import appoint
from yichuan.org.services.found_administrators import found
from yichuan.org.services.register_unit import register_unit
from yichuan.people.models import Account
from yichuan.people.services.change_password import change_password
from yichuan.people.services.open_account import first_password, open_account
from yichuan.seals.models import Seal
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.take_verification import take_verification
from yichuan.seals.services.use import Place
from yichuan.web.fonts import fonts

Echo = Callable[[str], None]

SENDER = "市府办公室"
PRINTER, COPIER, RETURNER = "市环保局", "市卫生局", "市建设局"
PEOPLE = [
    ("zfb-wen", "陈文", SENDER, Duty.CLERK),
    ("zfb-yin", "李印", SENDER, Duty.CUSTODIAN),
    ("hbj-wen", "黄环", PRINTER, Duty.CLERK),
    ("hbj-yin", "梁章", PRINTER, Duty.CUSTODIAN),
    ("wsj-wen", "何卫", COPIER, Duty.CLERK),
    ("jsj-wen", "林建", RETURNER, Duty.CLERK),
    ("slj-wen", "周水", "市水利局", Duty.CLERK),
]
THREE = [
    ("xitong", "郑系统", Duty.SYSTEM_ADMIN),
    ("baomi", "王保密", Duty.SECURITY_OFFICER),
    ("shenji", "刘审计", Duty.AUDITOR),
]
"""The centre's administrators. They log in with one-time codes, which they set up at their first login."""
ALLOWANCE = 3
IMPRINT_MM = 42.0


@dataclass
class Cast:
    """The people of the story by account, and the words they log in with."""

    accounts: dict[str, Account]
    passwords: dict[str, str]
    verification: dict[str, str]
    """The passwords of the verification seals, by the account of their holder."""


def tell(echo: Echo, *, as_json: bool) -> list[str]:
    """Tell the whole story. Returns the demo accounts as lines; raises where a step's result is not as it should be."""
    call_command("migrate", verbosity=0)
    open_centre("江门市")
    units = _register()
    cast = _open_accounts(units)
    _expect(len(units), 93, "units")
    echo(f"已开通中心，{len(units)} 个单位")

    document = _make(cast, units[SENDER])
    echo(f"已按 GB/T 9704 排版 {document.number}：{document.pages} 页")
    document = _seal(cast, document)
    echo("已按 GB/T 38540 用 SM2 盖章")
    dispatch = _send(cast, document, units)
    echo(f"已发给 {dispatch.deliveries.count()} 个单位，{localtime(dispatch.sent_at):%H:%M:%S}")
    _receive(cast, dispatch)
    echo(f"{PRINTER}打印了原件，{COPIER}下载了副本，{RETURNER}退回了")

    out = Path(settings.HOME) / "out"
    out.mkdir()
    sealed_file, trust_file = out / "44.ofd", out / "root.pem"
    sealed_file.write_bytes(read_body(document))
    trust_file.write_bytes(b"".join(each.to_pem() for each in trusted_roots()))
    figures = _figures(dispatch) | {"document": str(sealed_file), "trust": str(trust_file)}
    _check(figures)
    echo(f"{SENDER}收到 {figures['receipts']} 份签名回执；盖章的公文：{sealed_file}")
    echo(f"在任何机器上都能核验：yichuan verify {sealed_file} --trust {trust_file}")
    if as_json:
        echo(json.dumps(figures, ensure_ascii=False))
    return [
        f"{username:<8} {cast.passwords[username]:<14} {unit} {duty.label} {name}"
        + (f" 验证印章密码 {cast.verification[username]}" if username in cast.verification else "")
        for username, name, unit, duty in PEOPLE
    ] + [
        f"{username:<8} {cast.passwords[username]:<14} 交换中心 {duty.label} {name} 第一次登录要用手机设动态口令"
        for username, name, duty in THREE
    ]


def _register() -> dict[str, Unit]:
    with command():
        return {entry.short_name: register_unit(entry) for entry in planned_units()}


def _open_accounts(units: dict[str, Unit]) -> Cast:
    cast = Cast({}, {}, {})
    for username, name, *_ in (*PEOPLE, *THREE):
        first, own = first_password(), _own_password()
        with command():
            account = open_account(actor=None, username=username, name=name, password=first)
        change_password(account=account, old=first, new=own, again=own)
        cast.accounts[username], cast.passwords[username] = account, own
    with command():
        for username, _, unit, duty in PEOPLE:
            appoint(actor=None, account=cast.accounts[username], unit=units[unit], duty=duty)
        found({duty: cast.accounts[username] for username, _, duty in THREE})
    for sealed_unit, username in ((units[SENDER], "zfb-wen"), (units[PRINTER], "hbj-wen")):
        imprint = draw_imprint(sealed_unit.name, diameter_mm=IMPRINT_MM, centre="star", font=fonts())
        holder, own = cast.accounts[username], _own_password()
        with command():
            seal = issue_seal(actor=None, unit=sealed_unit, imprint=imprint, holder=holder)
        take_verification(actor=holder, seal_id=seal.pk, new=own, again=own)
        cast.verification[username] = own
    return cast


def _own_password() -> str:
    return f"{secrets.choice(string.ascii_uppercase)}{secrets.token_hex(4)}-yc"


def _make(cast: Cast, unit: Unit) -> Document:
    gongwen: dict[str, Any] = json.loads(files("yichuan.demo").joinpath("data/44.json").read_text(encoding="utf-8"))
    fields = from_gongwen(gongwen, kind="通知")
    document = begin(actor=cast.accounts["zfb-wen"], unit=unit, fields=fields, original=gongwen)
    return finish(actor=cast.accounts["zfb-wen"], document_id=document.pk)


def _seal(cast: Cast, document: Document) -> Document:
    places = [Place(place["page"], place["x"], place["y"]) for place in document.seal_places]
    seal = Seal.objects.get(unit_id=document.unit_id)
    return seal_document(actor=cast.accounts["zfb-yin"], document_id=document.pk, seal_id=seal.pk, places=places)


def _send(cast: Cast, document: Document, units: dict[str, Unit]) -> Dispatch:
    recipients = [Recipient(unit.pk, Delivery.Role.MAIN, ALLOWANCE) for name, unit in units.items() if name != SENDER]
    key = uuid.uuid4()
    dispatch = send(actor=cast.accounts["zfb-wen"], document=document, recipients=recipients, idempotency_key=key)
    again = send(actor=cast.accounts["zfb-wen"], document=document, recipients=recipients, idempotency_key=key)
    _expect(again.pk, dispatch.pk, "dispatch of a repeated request")
    return dispatch


def _receive(cast: Cast, dispatch: Dispatch) -> None:
    def delivery_to(short_name: str) -> uuid.UUID:
        return dispatch.deliveries.get(unit__short_name=short_name).pk

    sign_for(actor=cast.accounts["hbj-wen"], delivery_id=delivery_to(PRINTER))
    printed = print_original(
        actor=cast.accounts["hbj-wen"],
        delivery_id=delivery_to(PRINTER),
        copies=1,
        password=cast.verification["hbj-wen"],
    )
    _expect(printed.pdf[:5], b"%PDF-", "print file")
    sign_for(actor=cast.accounts["wsj-wen"], delivery_id=delivery_to(COPIER))
    copied = take_copy(actor=cast.accounts["wsj-wen"], delivery_id=delivery_to(COPIER))
    _expect(copied[:5], b"%PDF-", "decrypted copy")
    return_delivery(
        actor=cast.accounts["jsj-wen"], delivery_id=delivery_to(RETURNER), reason="附件2 的印模请重新核对后再发。"
    )


def _figures(dispatch: Dispatch) -> dict[str, Any]:
    deliveries = list(dispatch.deliveries.all())
    receipts = list(Receipt.objects.filter(delivery__dispatch=dispatch).select_related("delivery"))
    return {
        "units": Unit.objects.count(),
        "sent": Dispatch.objects.count(),
        "deliveries": len(deliveries),
        "signed_for": sum(delivery.signed_for_at is not None for delivery in deliveries),
        "printed": sum(delivery.printed for delivery in deliveries),
        "copied": Entry.objects.filter(
            verb="exchange.take_copy", subject_id__in=[each.pk for each in deliveries]
        ).count(),
        "returned": sum(delivery.returned_at is not None for delivery in deliveries),
        "receipts": sum(verify_receipt(receipt) for receipt in receipts),
    }


def _check(figures: dict[str, Any]) -> None:
    expected = {
        "units": 93, "sent": 1, "deliveries": 92, "signed_for": 2,
        "printed": 1, "copied": 1, "returned": 1, "receipts": 5,
    }  # fmt: skip
    for name, value in expected.items():
        _expect(figures[name], value, name)


def _expect(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise RuntimeError(f"演示：{what}：应是 {wanted!r}，却是 {found!r}")
