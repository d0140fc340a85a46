"""Typesetting, converting, sealing, verifying and drawing documents."""

from datetime import UTC, datetime, timedelta

import typst

from benchmarks.measure import Figure, figure, rate
from yichuan.cli.files import font_set
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue
from yichuan.lib.gongwen.imprint import draw_imprint
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.ofd.svg import page_to_svg
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.make import SealDraft
from yichuan.lib.ses.seal import Picture, Seal

NOW = datetime.now(UTC)
SENTENCE = "各应用单位要及时将应用情况和意见反馈给市信息产业局，以便不断修改完善电子公文交换系统。"


def five_pages() -> Gongwen:
    """A document of five pages of plain text."""
    return Gongwen.from_json(
        {
            "issuer_mark": "江门市人民政府办公室文件",
            "doc_no": "江府办〔2008〕45号",
            "title": "关于反馈电子公文交换系统应用情况的通知",
            "recipients": "市直各单位",
            "body": [{"type": "paragraph", "text": SENTENCE * 4}] * 14,
            "issuers": ["江门市人民政府办公室"],
            "date": "2008-06-02",
        }
    )


def figures() -> list[Figure]:
    """Documents a second; the references are what the engine or the mathematics alone would take."""
    fonts = font_set()
    document = five_pages()
    result = typeset(document, fonts)
    info = DocumentInfo(title=document.title)
    body = pdf_to_ofd(result.pdf, info=info)
    root, key, certificate, seal = _pki(draw_imprint("江门市人民政府办公室", diameter_mm=42.0, font=fonts).ofd())
    stamps = [Stamp(result.pages - 1, 140.0, 200.0)]

    def seal_it() -> bytes:
        waiting = prepare_sealing(body, seal, stamps).for_signer(certificate, NOW)
        return waiting.attach(key.sign(waiting.message)).data

    sealed = seal_it()
    signature = key.sign(sealed[:200])
    signs = rate(lambda: key.sign(sealed[:200]))
    verifies = rate(lambda: key.public.verify(signature, sealed[:200]))
    empty = b"#pagebreak()\n" * (result.pages - 1)
    engine = typst.Compiler(empty, font_paths=fonts.typst_fonts)
    bare = rate(lambda: engine.compile(empty, format="pdf"))
    typesets = rate(lambda: typeset(document, fonts))
    pages = f"{result.pages} pages"
    if not verify(sealed, trust=[root], at=NOW).valid_and_trusted:
        raise RuntimeError("the sealed document of this benchmark does not verify")
    checks = rate(lambda: verify(sealed, trust=[root], at=NOW))
    converts = rate(lambda: pdf_to_ofd(result.pdf, info=info))
    draws = rate(lambda: page_to_svg(Package.open(sealed), 1))
    return [
        figure(f"typeset, {pages}", typesets, "/s", "typst, as many empty pages", bare),
        figure(f"PDF to OFD, {pages}", converts, "/s", "typeset", typesets),
        figure(f"seal, {pages}", rate(seal_it), "/s", "SM2 signs", signs),
        figure(f"verify, {pages}", checks, "/s", "SM2 verifies", verifies),
        figure("draw a page", draws, "/s", "verify", checks),
    ]


def _pki(picture: bytes) -> tuple[Certificate, PrivateKey, Certificate, Seal]:
    root_key, maker_key, key = (PrivateKey.generate() for _ in range(3))
    until = NOW + timedelta(days=365)

    def certify(profile: Profile, name: str, subject: PrivateKey, issuer: Certificate | None) -> Certificate:
        return issue(
            profile,
            subject=Name(common_name=name, organization=name),
            public_key=subject.public,
            issuer=issuer,
            sign=root_key.sign,
            not_before=NOW - timedelta(days=1),
            not_after=until,
        )

    root = certify(Profile.ROOT, "根", root_key, None)
    maker = certify(Profile.SEAL_MAKER, "制章", maker_key, root)
    signer = certify(Profile.SIGNER, "江门市人民政府办公室", key, root)
    waiting = SealDraft(
        seal_id="benchmark",
        name="江门市人民政府办公室",
        kind=1,
        picture=Picture("ofd", picture, 42, 42),
        signer_certificates=(signer,),
        created=NOW,
        valid_from=NOW - timedelta(days=1),
        valid_to=until,
    ).prepare(maker)
    return root, key, signer, waiting.attach(maker_key.sign(waiting.message))
