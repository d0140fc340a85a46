"""Verifying what is brought to the verification page: each kind alone and all mixed, one after the other on a core."""

import json
from collections.abc import Callable
from itertools import cycle

from benchmarks.measure import Figure, figure, rate
from benchmarks.papers import CENTRE, NOW, five_pages, notice, office
from yichuan.cli.files import font_set
from yichuan.lib.evidence import Form, pack_evidence, proof_line, summary_page, verify_evidence, write_lines
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.merkle import Checkpoint, leaf_hash
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.pdf.sealing import prepare_sealing as prepare_pdf
from yichuan.lib.verifying import verify_file


def figures() -> list[Figure]:
    """Files a second, beside verifying one SM2 signature: a sealed document holds four or more."""
    unit = office()
    ofd, pdf = _ofd(), _pdf()
    package = _evidence(ofd)
    known = {"trust": [unit.root], "at": NOW, "crls": [unit.crl], "status_lists": [unit.statuses]}
    files: dict[str, Callable[[], object]] = {
        "OFD, 5 pages, stamped": lambda: verify_file(ofd, **known),
        "PDF, 2 pages": lambda: verify_file(pdf, **known),
        "seal alone": lambda: verify_file(unit.seal.der, **known),
        "OFD, changed": lambda: verify_file(_changed(ofd), **known),
        "evidence package": lambda: verify_evidence(package, **known),
    }
    if not (verify_file(ofd, **known).report.valid_and_trusted and verify_evidence(package, **known).valid_and_trusted):
        raise RuntimeError("the files of this benchmark do not verify")
    signature = unit.key.sign(ofd[:200])
    single = rate(lambda: unit.key.public.verify(signature, ofd[:200]))
    turns = cycle(files.values())
    mixed = rate(lambda: next(turns)())
    return [
        figure("mixed files", mixed, "/s", "SM2 verifies", single),
        *(figure(name, rate(work), "/s", "SM2 verifies", single) for name, work in files.items()),
    ]


def _ofd() -> bytes:
    unit = office()
    waiting = prepare_sealing(five_pages(), unit.seal, [Stamp(4, 140.0, 200.0)]).for_signer(unit.certificate, NOW)
    sealed = waiting.attach(unit.key.sign(waiting.message))
    return sealed.stamped(unit.stamp(sealed.signature)).data


def _pdf() -> bytes:
    unit = office()
    plain = typeset(notice(3), font_set()).pdf
    waiting = prepare_pdf(plain, unit.seal, [Stamp(0, 140.0, 200.0)]).for_signer(unit.certificate, NOW)
    return waiting.attach(unit.key.sign(waiting.message)).data


def _changed(ofd: bytes) -> bytes:
    package = Package.open(ofd)
    name = next(each for each in package.names() if each.endswith("Content.xml"))
    return package.replace({name: package.read(name) + b" "})


def _evidence(ofd: bytes) -> bytes:
    """With a log of one entry, the sending."""
    unit, detail = office(), {"digest": sm3(ofd).hex()}
    sending = {"uid": "1", "at": NOW.isoformat(), "verb": "exchange.send", "subject": None, "detail": detail}
    entry = json.dumps(sending).encode()
    checkpoint = Checkpoint("江门市", 1, leaf_hash(entry), NOW)
    signed = checkpoint.signed(unit.checkpoints_key.sign(checkpoint.text.encode()))
    return pack_evidence(
        [
            ("document.ofd", "document", ofd),
            ("certificates/1.cer", "certificate", unit.checkpoints.der),
            ("revocations/1.crl", "revocations", unit.crl.der),
            ("status/1.der", "status", unit.statuses.der),
            ("entries.jsonl", "entries", write_lines([entry])),
            ("proofs.jsonl", "proofs", write_lines([proof_line("1", 0, 1, [])])),
            ("receipts.jsonl", "receipts", b""),
            ("checkpoint.txt", "checkpoint", signed.encode()),
            ("summary.html", "summary", summary_page("证据包", [], [], [])),
        ],
        centre=CENTRE,
        form=Form.SENDER,
        number="",
        title="",
        digest=detail["digest"],
        entries=[0],
        at=NOW,
        signer=unit.packer,
        sign=unit.packer_key.sign,
        stamp=unit.stamp,
    )
