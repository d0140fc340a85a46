"""A small centre with the founding document's units and people, for tests of the applications."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlparse

import pytest
from django.conf import settings
from django.test import Client

from yichuan.common import clock, memory, sealed
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.finish import finish
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.save import begin
from yichuan.compose.services.seal import seal_document
from yichuan.demo.units import planned_units
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.send import Recipient, send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.soft import SoftDevice
from yichuan.keys.services import device as device_service
from yichuan.keys.services import texts
from yichuan.keys.services.log_key import forget_log_key
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gongwen.imprint import Imprint, draw_imprint
from yichuan.operations.services.open_centre import open_centre
from yichuan.org.duties import Duty
from yichuan.org.models import Staff, Unit
from yichuan.org.services.appoint import appoint
from yichuan.org.services.register_unit import register_unit
from yichuan.people.models import Account, Method, OpenSession
from yichuan.people.services.log_in import KEY as OPEN_SESSION
from yichuan.people.services.open_account import open_account
from yichuan.seals.models import Seal
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.use import Place
from yichuan.web.fonts import fonts

PASSWORD = "Right-words-1"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNITS = ("市府办公室", "市卫生局", "市环保局", "市建设局", "市规划局")
BODY_SENTENCE = "各单位要在七月底前报送水质监测断面调整情况"
TITLE = "关于调整水质监测断面的通知"


def small_gongwen(number: str = "江府办〔2008〕50号") -> dict[str, Any]:
    """A document of one page in the content model."""
    return {
        "issuer_mark": "江门市人民政府办公室文件",
        "doc_no": number,
        "title": TITLE,
        "recipients": "市直各单位",
        "body": [{"type": "paragraph", "text": f"{BODY_SENTENCE}，逾期的说明原因。"}],
        "issuers": ["江门市人民政府办公室"],
        "date": "2008-06-02",
    }


@dataclass
class World:
    """Units by short name, people by what they are: `clerk["市环保局"]`, `custodian["市府办公室"]`."""

    units: dict[str, Unit]
    clerk: dict[str, Account]
    custodian: dict[str, Account]
    leader: Account
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(50, 10_000)))

    @property
    def sender(self) -> Unit:
        return self.units["市府办公室"]

    @property
    def sending_clerk(self) -> Account:
        return self.clerk["市府办公室"]

    def draft(self) -> Document:
        """A draft of 市府办公室."""
        gongwen = small_gongwen(f"江府办〔2008〕{next(self._numbers)}号")
        fields = from_gongwen(gongwen, kind="通知")
        return begin(actor=self.sending_clerk, unit=self.sender, fields=fields, original=gongwen)

    def ready(self, draft: Document | None = None) -> Document:
        """A finished document that waits for its seal."""
        return finish(actor=self.sending_clerk, document_id=(draft or self.draft()).pk)

    def sealed(self, draft: Document | None = None) -> Document:
        """A sealed document that waits to be sent."""
        return self.put_seal(self.ready(draft))

    def put_seal(self, document: Document) -> Document:
        """The custodian of 市府办公室 seals it where the typesetter left room, or on an uploaded body's first page."""
        places = [Place(place["page"], place["x"], place["y"]) for place in document.seal_places]
        return seal_document(
            actor=self.custodian["市府办公室"],
            document_id=document.pk,
            seal_id=Seal.objects.get(unit=self.sender).pk,
            places=places or [Place(0, 140, 220)],
        )

    def recipients(self, *names: str, allowance: int = 2) -> list[Recipient]:
        """Main recipients by short name; all but the sender if none is named."""
        chosen = names or tuple(name for name in UNITS if name != "市府办公室")
        return [Recipient(self.units[name].pk, Delivery.Role.MAIN, allowance) for name in chosen]

    def sent(self, *names: str, allowance: int = 2, document: Document | None = None) -> Dispatch:
        """A dispatch that has arrived, of the draft `document` if one is given."""
        return send(
            actor=self.sending_clerk,
            document=self.sealed(document),
            recipients=self.recipients(*names, allowance=allowance),
            idempotency_key=uuid.uuid4(),
        )

    def delivery(self, name: str = "市环保局", allowance: int = 2) -> Delivery:
        """A delivery to one unit that nobody has signed for."""
        return self.sent(name, allowance=allowance).deliveries.get()

    def signed_for(self, name: str = "市环保局", allowance: int = 2) -> Delivery:
        """A delivery that its unit has signed for."""
        return sign_for(actor=self.clerk[name], delivery_id=self.delivery(name, allowance).pk)

    def appoint_leader(self, name: str) -> Account:
        """A leader of one unit: sees everything of it and does nothing."""
        with command():
            return _person(f"leader-{name}", f"领{name}", self.units[name], Duty.LEADER)

    def appoint_custodian(self, name: str) -> Account:
        """One more custodian of one unit's seals."""
        with command():
            return _person(f"custodian-{name}", f"印{name}", self.units[name], Duty.CUSTODIAN)

    @property
    def imprint(self) -> Imprint:
        """The imprint that every seal of the tests bears."""
        return imprint()

    def holder(self, duty: Duty, name: str | None = None, number: int = 1) -> Account:
        """A person in this post: of the unit `name`, or of the centre itself (the three administrators)."""
        unit = self.units[name] if name else None
        with command():
            return _person(f"{duty}-{name or 'centre'}-{number}", f"{duty.label}{number}", unit, duty)

    def browser(self, account: Account, *, csrf: bool = False) -> Client:
        """A test client in which the account is logged in."""
        client = Client(enforce_csrf_checks=csrf)
        client.force_login(account, backend="yichuan.people.backends.AccountBackend")
        session, now = client.session, clock.now()
        standing = OpenSession.objects.create(account=account, method=Method.PASSWORD, began_at=now, seen_at=now)
        session[OPEN_SESSION] = str(standing.pk)
        session.save()
        return client


@contextmanager
def broken_device(*calls: str) -> Iterator[None]:
    """The key device fails at these calls, at all if none is named."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise DeviceError("failed", "the device does not answer")

    with pytest.MonkeyPatch.context() as patch:
        for call in calls or ("sign", "wrap", "unwrap"):
            patch.setattr(SoftDevice, call, fail)
        yield


def replace_body(document: Document, data: bytes, *, digest_too: bool = False) -> None:
    """What somebody with the document's key and the database could do: another body in the place of the sealed one."""
    document.body = sealed.write_bytes(own_key(document), document.body_context, data)
    if digest_too:
        document.body_digest = sm3(data).hex()
    document.save()


def blob_path(name: str) -> Path:
    """Where a blob lies on the disk."""
    return Path(urlparse(settings.YICHUAN_BLOBS_URL).path) / name[:2] / name


def alter_blob(name: str) -> None:
    """Change one byte in the middle of a blob, as a failing disk or a stranger would; memory forgets it."""
    path = blob_path(name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    memory.forget_all()


@cache
def imprint() -> Imprint:
    """Drawn once a test run."""
    return draw_imprint("江门市人民政府办公室", diameter_mm=42.0, centre="star", font=fonts())


def forget_caches() -> None:
    """Keys and pages of an earlier test's database are not this one's."""
    device_service.device.cache_clear()
    texts._key.cache_clear()
    forget_log_key()
    memory.forget_all()


def build() -> World:
    """Open the centre in the present database."""
    forget_caches()
    open_centre("江门市")
    entries = {entry.short_name: entry for entry in planned_units()}
    with command():
        units = {name: register_unit(entries[name]) for name in UNITS}
        clerks = {name: _person(f"clerk-{i}", f"文{name}", units[name], Duty.CLERK) for i, name in enumerate(UNITS)}
        custodian = _person("custodian-0", "李印", units["市府办公室"], Duty.CUSTODIAN)
        leader = _person("leader-0", "赵领", units["市府办公室"], Duty.LEADER)
    with command():
        issue_seal(actor=None, unit=units["市府办公室"], imprint=imprint())
    return World(units, clerks, {"市府办公室": custodian}, leader)


def _person(username: str, name: str, unit: Unit | None, duty: Duty) -> Account:
    account = open_account(actor=None, username=username, name=name, password=PASSWORD)
    Staff.objects.create(account=account, unit=unit, established=True, trained_on=LONG_AGO.date())
    appoint(actor=None, account=account, unit=unit, duty=duty, since=LONG_AGO)  # tests hold the clock at earlier days
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    account.must_change_password = False
    return account
