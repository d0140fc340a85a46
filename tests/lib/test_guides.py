"""The Python examples of docs/lib, run as they stand, from the top of each guide to its end."""

import json
import re
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from support.drafts import as_docx
from support.gongwen import document, font_set, set_document
from support.pdf import PICTURE, STAMP, p256, revocation_list, sealed_pdf, small_pdf, time_stamp
from support.seals import NOW, YEAR, make_holder, pki, sealed_ofd, small_ofd
from yichuan.lib.gm.crl import make_crl
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.gongwen.font_roles import resolver
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.reading import Converter
from yichuan.lib.ofd import verifying
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.pdf import verifying as pdf_verifying
from yichuan.lib.ses.time_stamp_request import ask_time_stamp
from yichuan.lib.ses.tsa import TimeStampAuthority

GUIDES = Path(__file__).parents[2] / "docs/lib"


class Pieces(list[bytes]):
    """A file that is only written to."""

    write = list.append


def blocks(name: str, language: str = "python") -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (GUIDES / f"{name}.md").read_text(encoding="utf-8"), re.S)


def run(examples: list[str], names: dict[str, Any]) -> None:
    """Run the examples one after the other; what they name stays in `names`."""
    assert examples
    for example in examples:
        exec(example, names)  # noqa: S102 - our own guides


def test_keys_streams_and_certificates():
    stored = Pieces()
    names: dict[str, Any] = {
        "key16": bytes(16),
        "chunks": [b"one", b"two"],
        "target": stored,
        "source": stored,
        "temporary": Pieces(),
        "ca": PrivateKey.generate(),
        "start": NOW,
        "end": NOW + YEAR,
        "moment": NOW,
    }
    run(blocks("gm"), names)
    assert b"".join(names["temporary"]) == b"onetwo"
    assert names["result"].ok
    assert names["answer"].status == "good"


def test_packages_pages_and_pictures():
    names: dict[str, Any] = {
        "data": sealed_ofd(),
        "pdf": set_document().pdf,
        "when": NOW,
        "hex32": "0123456789abcdef" * 2,
        "find": lambda name: None,
        "resolver": resolver(font_set()),
        "font_set": font_set(),
        "nonce": "abc",
        "mark": lambda sheet: [],
        "other_mark": lambda sheet: [],
        "info": DocumentInfo(title="通知"),
    }
    run(blocks("ofd"), names)
    assert names["notes"] == []
    assert names["document"].info.title
    assert len(names["pages"]) == len(names["print_pages"]) == len(names["document"].pages)
    assert names["pdf"].startswith(b"%PDF")
    assert names["png"].startswith(b"\x89PNG")


def sm2_time_stamp(value: bytes) -> bytes:
    request = ask_time_stamp(value)
    return request.accept(authority().respond(request.der, NOW), trust=pki().trust, at=NOW)


@cache
def authority() -> TimeStampAuthority:
    stamping = make_holder(Profile.TIME_STAMP, "江门市时间戳服务", pki().root)
    return TimeStampAuthority(stamping.certificate, sign=stamping.key.sign, serials=count(1).__next__, policy="1.2.3")


def test_seals_sealing_and_time_stamps():
    stamping = make_holder(Profile.TIME_STAMP, "江门市时间戳服务", pki().root)
    names: dict[str, Any] = {
        "picture_bytes": b"\x89PNG a picture",
        "unit_certificate": pki().unit.certificate,
        "maker_certificate": pki().maker.certificate,
        "maker_key": pki().maker.key,
        "carrier": pki().unit.key,
        "stamping_certificate": stamping.certificate,
        "device_sign": stamping.key.sign,
        "next_serial": count(1).__next__,
        "root": pki().root.certificate,
        "root_list": make_crl(
            pki().root.certificate,
            pki().root.key.sign,
            revoked=[],
            number=1,
            this_update=NOW,
            next_update=NOW + YEAR,
        ),
        "ofd_bytes": small_ofd(),
        "now": NOW,
        "in_a_year": NOW + YEAR,
        "show": lambda shown: shown,
        "post": lambda kind, request: names["authority"].respond(request, NOW),
    }
    run(blocks("ses"), names)
    for made in ("sealed", "stamped"):
        assert verifying.verify(names[made].data, trust=pki().trust, at=NOW).valid_and_trusted
    assert verifying.verify(names["stamped"].data, trust=pki().trust, at=NOW).signatures[0].time == "ok"
    assert verifying.verify(names["signed"].data, trust=pki().trust, at=NOW).signatures[0].integrity == "ok"
    assert names["report"].readable


def test_seals_and_signatures_in_pdf():
    who = p256()
    names: dict[str, Any] = {
        "data": sealed_pdf(),
        "pdf_bytes": small_pdf(),
        "root": pki().root.certificate,
        "now": NOW,
        "at": NOW,
        "seal": pki().seal,
        "unit_certificate": pki().unit.certificate,
        "show": lambda shown: shown,
        "carrier": pki().unit.key,
        "time_stamp": sm2_time_stamp,
        "stamp": STAMP,
        "picture": PICTURE,
        "certificate_der": who.unit.der,
        "ca_der": who.root.der,
        "root_der": who.root.der,
        "authority_der": who.authority.der,
        "crl_der": revocation_list(who.root).der,
    }
    *others, signing = blocks("pdf")
    run(others, names)
    assert names["report"].valid_and_trusted
    assert names["stamped"].data != names["sealed"].data
    names |= {"carrier": who.unit, "time_stamp": lambda value: time_stamp(value, who.authority)}
    run([signing], names)
    trust = [*pki().trust, *who.trust]
    assert pdf_verifying.verify(names["stamped"].data, trust=trust, at=NOW).valid_and_trusted


def test_documents_drafts_and_their_form(monkeypatch: pytest.MonkeyPatch):
    """LibreOffice and the folder of fonts are those of the machine: they are stood in for."""
    monkeypatch.setattr(Converter, "to_docx", lambda self, data, ending: as_docx(document()))
    monkeypatch.setattr(FontSet, "find", lambda site, cache: font_set())
    sheets = set_document().pdf
    names: dict[str, Any] = {
        "obj": json.loads(blocks("gongwen", "json")[0]),
        "data": as_docx(document()),
        "wps": b"",
        "pdf": sheets,
        "ofd": pdf_to_ofd(sheets, info=DocumentInfo(title="通知")),
    }
    run(blocks("gongwen"), names)
    assert names["result"].seal_positions
    assert names["reading"].content["title"] == document()["title"]


def test_contents_of_documents():
    contents = [Gongwen.from_json(json.loads(example)) for example in blocks("gongwen", "json")]
    assert [content.form for content in contents] == ["document", "order"]
