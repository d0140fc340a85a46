"""The documents and the small PKI that the benchmarks work with."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from yichuan.cli.files import font_set
from yichuan.lib.gm.crl import Crl, make_crl
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue
from yichuan.lib.gongwen.imprint import draw_imprint
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.ses.make import SealDraft
from yichuan.lib.ses.model import Picture, Seal
from yichuan.lib.ses.status_list import Entry, Status, StatusList, make_status_list
from yichuan.lib.ses.time_stamp_request import ask_time_stamp
from yichuan.lib.ses.tsa import TimeStampAuthority

NOW = datetime.now(UTC)
SENTENCE = "各应用单位要及时将应用情况和意见反馈给市信息产业局，以便不断修改完善电子公文交换系统。"
CENTRE = "江门市"
ENDED_SEALS = 500
"""On the status list: what a city of some hundred units gathers in a decade."""
_UNIT = "江门市人民政府办公室"


def notice(paragraphs: int, number: int = 45) -> Gongwen:
    """A notice of plain text: 3 paragraphs make two pages, 12 make five. Each number has its own text, for the
    typesetter remembers what it has set before."""
    return Gongwen.from_json(
        {
            "issuer_mark": f"{_UNIT}文件",
            "doc_no": f"江府办〔2008〕{number}号",
            "title": "关于反馈电子公文交换系统应用情况的通知",
            "recipients": "市直各单位",
            "body": [{"type": "paragraph", "text": f"第{number}号。" + SENTENCE * 4}] * paragraphs,
            "issuers": [_UNIT],
            "date": "2008-06-02",
        }
    )


@dataclass(frozen=True)
class Office:
    """A unit that seals: `root` is trusted, `seal` was made for `certificate`, whose key is `key`.

    The rest is what a centre lends it: `crl` and `statuses` are its lists, `authority` stamps the time,
    `packer` signs evidence packages with `packer_key`, `checkpoints` the log's checkpoints with `checkpoints_key`.
    """

    root: Certificate
    key: PrivateKey
    certificate: Certificate
    seal: Seal
    crl: Crl
    statuses: StatusList
    authority: TimeStampAuthority
    packer: Certificate
    packer_key: PrivateKey
    checkpoints: Certificate
    checkpoints_key: PrivateKey

    def sealed(self, body: bytes, last_page: int) -> bytes:
        """The document with the seal on its last page."""
        waiting = prepare_sealing(body, self.seal, [Stamp(last_page, 140.0, 200.0)]).for_signer(self.certificate, NOW)
        return waiting.attach(self.key.sign(waiting.message)).data

    def stamp(self, value: bytes) -> bytes:
        """A time stamp over a signature's value."""
        request = ask_time_stamp(value)
        return request.accept(self.authority.respond(request.der, NOW), trust=[self.root], at=NOW)


@cache
def five_pages() -> bytes:
    """An unsealed OFD of five pages."""
    document = notice(12)
    result = typeset(document, font_set())
    if result.pages != 5:
        raise RuntimeError(f"the document of this benchmark has {result.pages} pages, not five")
    return pdf_to_ofd(result.pdf, info=DocumentInfo(title=document.title))


@cache
def office() -> Office:
    """A unit with a seal whose picture is vector paths."""
    root_key, maker_key, key, stamp_key, packer_key, checkpoints_key = (PrivateKey.generate() for _ in range(6))
    until = NOW + timedelta(days=365)

    def certify(profile: Profile, name: str, subject: PrivateKey, issuer: Certificate | None) -> Certificate:
        return issue(
            profile,
            subject=Name(common_name=name, organization=CENTRE),
            public_key=subject.public,
            issuer=issuer,
            sign=root_key.sign,
            not_before=NOW - timedelta(days=1),
            not_after=until,
        )

    root = certify(Profile.ROOT, "根", root_key, None)
    maker = certify(Profile.SEAL_MAKER, "制章", maker_key, root)
    signer = certify(Profile.SIGNER, _UNIT, key, root)
    picture = draw_imprint(_UNIT, diameter_mm=42.0, font=font_set()).ofd()
    waiting = SealDraft(
        seal_id="benchmark",
        name=_UNIT,
        kind=1,
        picture=Picture("ofd", picture, 42, 42),
        signer_certificates=(signer,),
        created=NOW,
        valid_from=NOW - timedelta(days=1),
        valid_to=until,
    ).prepare(maker)
    statuses = make_status_list(
        maker,
        maker_key.sign,
        entries=[Entry(f"{each:032x}", Status.WITHDRAWN, NOW) for each in range(ENDED_SEALS)],
        number=1,
        this_update=NOW - timedelta(hours=1),
        next_update=until,
    )
    stamping = certify(Profile.TIME_STAMP, "时间戳", stamp_key, root)
    return Office(
        root,
        key,
        signer,
        waiting.attach(maker_key.sign(waiting.message)),
        make_crl(root, root_key.sign, revoked=[], number=1, this_update=NOW - timedelta(hours=1), next_update=until),
        statuses,
        TimeStampAuthority(stamping, stamp_key.sign, lambda: secrets.randbits(64), "1.2.3.4"),
        certify(Profile.SIGNER, "证据包签名", packer_key, root),
        packer_key,
        certify(Profile.SIGNER, "日志检查点签名", checkpoints_key, root),
        checkpoints_key,
    )
