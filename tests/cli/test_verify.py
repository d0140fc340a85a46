"""`yichuan verify`: every kind of file of the field, folders, lists and times, and what it says in Chinese."""

import json
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.evidence import packed, repacked
from support.pdf import DAY, p256, revocation_list, sealed_pdf, signed_pdf, small_pdf
from support.seals import NOW, make_holder, make_seal, pki, sealed_ofd, small_ofd
from yichuan.cli.verify import verify
from yichuan.lib.gm.crl import Reason, Revocation, make_crl
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ofd.package import Package
from yichuan.lib.ses.plain import Form, prepare_plain_signature
from yichuan.lib.ses.status_list import Entry, Status, make_status_list

AT = (NOW + DAY).isoformat()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the roots and one file of each kind, all good."""
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "sm2.pem").write_bytes(pki().root.certificate.to_pem())
    (tmp_path / "roots" / "p256.pem").write_bytes(p256().root.anchor.to_pem())
    files = tmp_path / "files"
    (files / "deeper").mkdir(parents=True)
    (files / "sealed.ofd").write_bytes(sealed_ofd())
    (files / "sealed.pdf").write_bytes(sealed_pdf())
    (files / "deeper" / "signed.PDF").write_bytes(signed_pdf().data)
    (files / "unit.esl").write_bytes(pki().seal.der)
    (files / "old.ceb").write_bytes(ceb())
    (files / "old.ceb.p7s").write_bytes(detached(ceb()))
    (files / "readme.txt").write_text("没有签名", encoding="utf-8")
    return tmp_path


def ceb(body: bytes = b"enciphered" * 20) -> bytes:
    """A CEB of one section, as others describe its header."""
    start = 0x1F + 17
    head = b"Founder CEB\0" + b"2.99D".ljust(8, b"\0") + struct.pack("<H", 1) + bytes(9)
    return head + struct.pack("<IIB8x", start, len(body), 1) + body


def detached(data: bytes) -> bytes:
    """The unit's GB/T 35275 signature over a file."""
    unsigned = prepare_plain_signature(pki().unit.certificate, sm3(data), NOW, form=Form.ATTRIBUTES)
    return unsigned.attach(pki().unit.key.sign(unsigned.message))


def run(*arguments: object, roots: Path | None = None) -> Result:
    trust = [part for each in sorted(roots.iterdir()) for part in ("--trust", each)] if roots else []
    return CliRunner().invoke(verify, [str(each) for each in (*arguments, *trust)])


def plain(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_folder_is_searched_and_all_kinds_are_told_apart(desk: Path) -> None:
    found = run(desk / "files", "--at", AT, "--json", roots=desk / "roots")
    assert found.exit_code == 0, found.output
    kinds = {Path(each["file"]).name: each["kind"] for each in plain(found)}
    assert kinds == {
        "sealed.ofd": "ofd", "sealed.pdf": "pdf", "signed.PDF": "pdf", "unit.esl": "seal", "old.ceb": "ceb",
    }  # fmt: skip
    assert all(each["valid_and_trusted"] for each in plain(found))


def test_it_speaks_chinese_with_each_step(desk: Path) -> None:
    said = run(desk / "files", "--at", AT, roots=desk / "roots").stdout
    assert "sealed.pdf：PDF，有效且可信" in said
    assert "电子签章 Signature1（v4）：完整性 通过，印章 通过，签章者 通过，时间 无法确认" in said
    assert "√ 签名覆盖范围：签名覆盖整个文件" in said
    assert "共 5 个文件，5 个有效且可信。" in said


def test_one_file_that_fails_ends_with_1(desk: Path) -> None:
    data = (desk / "files" / "sealed.pdf").read_bytes()
    (desk / "files" / "sealed.pdf").write_bytes(data.replace(b"20261121090000Z", b"20251121090000Z"))
    found = run(desk / "files", "--at", AT, roots=desk / "roots")
    assert found.exit_code == 1
    assert "PDF，有检查项不通过" in found.stdout
    assert "× 签名内容摘要：签名覆盖的内容在签名后被改动" in found.stdout


def test_without_roots_nothing_is_trusted_and_nothing_is_called_broken(desk: Path) -> None:
    found = run(desk / "files" / "sealed.pdf", "--at", AT)
    assert found.exit_code == 1
    assert "没有发现问题，但有检查项无法确认" in found.stdout


def test_a_ceb_without_its_signature_is_opaque(desk: Path) -> None:
    (desk / "files" / "old.ceb.p7s").unlink()
    found = run(desk / "files" / "old.ceb", "--at", AT, roots=desk / "roots")
    assert found.exit_code == 1
    assert "CEB 文件（版本 2.99D），内容不作解读；需要随附的分离签名" in found.stdout


def test_a_ceb_changed_after_signing_fails(desk: Path) -> None:
    (desk / "files" / "old.ceb").write_bytes(ceb(b"enciphereD" * 20))
    assert run(desk / "files" / "old.ceb", "--at", AT, roots=desk / "roots").exit_code == 1


def test_a_seal_out_of_date_or_altered_is_named(desk: Path) -> None:
    esl = desk / "files" / "unit.esl"
    assert run(esl, "--at", (NOW + 400 * DAY).isoformat(), roots=desk / "roots").exit_code == 1
    esl.write_bytes(esl.read_bytes().replace("江门市人民政府办公室".encode(), "江门市人民政府办公厅".encode(), 1))
    found = run(esl, "--at", AT, roots=desk / "roots")
    assert found.exit_code == 1
    assert "× 制章签名" in found.stdout


def test_a_signature_value_alone_is_checked_as_far_as_it_goes(desk: Path, tmp_path: Path) -> None:
    package = Package.open((desk / "files" / "sealed.ofd").read_bytes())
    value = next(name for name in package.names() if name.endswith("SignedValue.dat"))
    (tmp_path / "SignedValue.dat").write_bytes(package.read(value))
    (alone,) = plain(run(tmp_path / "SignedValue.dat", "--at", AT, "--json", roots=desk / "roots"))
    assert (alone["kind"], alone["valid_and_trusted"]) == ("value", False)
    steps = {step["name"]: step["ok"] for step in alone["signatures"][0]["steps"]}
    assert (steps["signature"], steps["data_hash"]) == (True, None)
    (tmp_path / "Signature.xml").write_bytes(package.read(value.replace("SignedValue.dat", "Signature.xml")))
    (beside,) = plain(run(tmp_path / "SignedValue.dat", "--at", AT, "--json", roots=desk / "roots"))
    assert beside["signatures"][0]["integrity"] == "ok"


def test_revocation_lists_are_asked(desk: Path, tmp_path: Path) -> None:
    root, unit = pki().root, pki().unit.certificate
    revoked = [Revocation(unit.serial, NOW - DAY, Reason.KEY_COMPROMISE)]
    crl = make_crl(
        root.certificate, root.key.sign, revoked=revoked, number=1, this_update=NOW, next_update=NOW + 30 * DAY
    )
    (tmp_path / "sm2.crl").write_bytes(crl.to_pem())
    (tmp_path / "p256.crl").write_bytes(revocation_list(p256().root).der)
    lists = ["--crl", tmp_path / "sm2.crl", "--crl", tmp_path / "p256.crl"]
    assert run(desk / "files" / "deeper", "--at", AT, *lists, roots=desk / "roots").exit_code == 0
    for name in ("sealed.ofd", "sealed.pdf"):
        found = run(desk / "files" / name, "--at", AT, *lists, roots=desk / "roots")
        assert found.exit_code == 1
        assert "× 签章者证书吊销" in found.stdout


def test_an_unsigned_file_and_one_that_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "plain.ofd").write_bytes(small_ofd())
    (tmp_path / "plain.pdf").write_bytes(small_pdf())
    (tmp_path / "note.txt").write_text("x", encoding="utf-8")
    assert run(tmp_path).exit_code == 1
    assert "没有签名" in run(tmp_path).stdout
    nothing, missing = run(tmp_path / "note.txt"), run(tmp_path / "missing.pdf")
    assert (nothing.exit_code, missing.exit_code) == (2, 2)
    assert "无法读取：不是 OFD、PDF、CEB、印章文件或者签名值（not_verifiable）" in nothing.stdout
    assert "无法读取：没有这个文件（unreadable_file）" in missing.stdout


def test_what_is_wrong_with_the_question_is_said(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no file to verify" in run(tmp_path / "empty").output
    assert run(tmp_path / "empty").exit_code == 2
    assert "time zone" in run(desk / "files", "--at", "2026-11-21T09:00:00").output
    assert "write a time" in run(desk / "files", "--at", "gestern").output
    assert "--crl" in run(desk / "files", "--crl", desk / "files" / "readme.txt").output
    assert "--trust" in run(desk / "files", "--trust", desk / "files" / "sealed.pdf").output
    assert "sealed.pdf: bad_certificate" in run(desk / "files", "--trust", desk / "files" / "sealed.pdf").output


def test_a_strangers_seal_is_not_trusted(desk: Path) -> None:
    stranger = make_holder(Profile.SIGNER, "别家", pki().root)
    (desk / "files" / "sealed.pdf").write_bytes(sealed_pdf(seal=make_seal(stranger, pki().unit)))
    found = run(desk / "files" / "sealed.pdf", "--at", AT, roots=desk / "roots")
    assert found.exit_code == 1
    assert "× 制章者证书" in found.stdout


@pytest.mark.samples
def test_the_samples_get_the_verdicts_of_the_manifest(samples: Path) -> None:
    """`own_verifier_result` of the manifest: ok, BAD(…) a signature, must fail, or nothing to say."""
    folder = samples / "ofd"
    found = {Path(each["file"]).relative_to(folder).as_posix(): each for each in plain(run(folder, "--json"))}
    rows = (folder / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    head = rows[0].split("\t")
    compared = 0
    for row in (dict(zip(head, each.split("\t"), strict=False)) for each in rows[1:]):
        expected = row["own_verifier_result"]
        report = found.get(row["file"])
        if report is None or expected == "-":
            continue
        verdicts = [each["integrity"] for each in report["signatures"]]
        if expected == "must fail":
            assert "failed" in (report["signatures"][0]["seal"], report["signatures"][0]["signer"]), row["file"]
        else:
            results = expected.split(";") if ";" in expected else [expected] * len(verdicts)
            wanted = ["failed" if each.startswith("BAD") else "ok" for each in results]
            assert verdicts == wanted, row["file"]
        compared += 1
    assert compared >= 12


def test_a_status_list_tells_that_a_seal_was_lost_before_it_was_used(desk: Path) -> None:
    entry = Entry(pki().seal.seal_id, Status.SUSPENDED, NOW - DAY, "遗失")
    status = make_status_list(
        pki().maker.certificate,
        pki().maker.key.sign,
        entries=[entry],
        number=1,
        this_update=NOW,
        next_update=NOW + 7 * DAY,
    )
    (desk / "seals.der").write_bytes(status.der)
    found = run(desk / "files" / "sealed.ofd", "--at", AT, "--status", desk / "seals.der", roots=desk / "roots")
    assert found.exit_code == 1
    assert "× 印章状态：印章“江门市人民政府办公室”已于 " in found.stdout
    assert "暂停使用（遗失）" in found.stdout


def test_a_status_list_that_is_none_is_named(desk: Path) -> None:
    found = run(desk / "files" / "sealed.ofd", "--status", desk / "files" / "readme.txt")
    assert found.exit_code == 1
    assert "--status" in found.output


def test_an_evidence_package_is_verified_with_its_document(desk: Path) -> None:
    (desk / "evidence.zip").write_bytes(packed())
    found = run(desk / "evidence.zip", "--at", (NOW + 300 * DAY).isoformat(), roots=desk / "roots")
    assert found.exit_code == 0, found.output
    assert "江门市为发文单位打包：有效且可信（完整性 通过，日志 通过）" in found.stdout
    assert "√ 夹带的内容：没有清单外的内容" in found.stdout
    assert "document.ofd：OFD，有效且可信" in found.stdout
    assert plain(run(desk / "evidence.zip", "--at", AT, "--json", roots=desk / "roots"))[0]["whole"] == "ok"


def test_an_evidence_package_with_a_part_too_many_ends_with_1(desk: Path) -> None:
    (desk / "evidence.zip").write_bytes(repacked(packed(), put={"seals/9.esl": b"x"}))
    found = run(desk / "evidence.zip", "--at", AT, roots=desk / "roots")
    assert (found.exit_code, "× 夹带的内容" in found.stdout) == (1, True)
