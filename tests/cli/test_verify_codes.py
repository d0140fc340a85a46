"""`yichuan verify` on the codes of printed originals: pictures and texts, without a centre."""

import io
import json
from pathlib import Path

import pytest
import segno
from asn1crypto.algos import DSASignature
from click.testing import CliRunner, Result

from support.seals import Holder, make_holder, pki
from yichuan.cli.verify import verify
from yichuan.cli.verify_codes import CALLED
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.print_code import LogMark, PrintCode, signed_code

CODE = PrintCode(
    "江府办〔2008〕44号", 2, 3, "市环保局", "2008-06-02T09:00", b"d" * 16, b"c" * 16, 12345, b"w" * 16,
    LogMark(1024, b"r" * 8),
)  # fmt: skip


@pytest.fixture(scope="module")
def signer() -> Holder:
    """The centre's key for codes."""
    return make_holder(Profile.SIGNER, f"江门市{CALLED}", pki().root)


def text_of(signer: Holder) -> str:
    said = CODE.unsigned(signer.key.public)
    return signed_code(said, DSASignature.load(signer.key.sign(said.encode())).to_p1363())


def run(folder: Path, data: bytes, codes: Holder | None, *options: str) -> Result:
    (folder / "seen").write_bytes(data)
    (folder / "root.pem").write_bytes(pki().root.certificate.to_pem())
    given = [str(folder / "seen"), "--trust", str(folder / "root.pem"), *options]
    if codes is not None:
        (folder / "codes.pem").write_bytes(codes.certificate.to_pem())
        given += ["--codes", str(folder / "codes.pem")]
    return CliRunner().invoke(verify, given)


def test_a_picture_of_a_print_says_who_printed_which_copy_when_and_with_what(tmp_path: Path, signer: Holder) -> None:
    drawn = io.BytesIO()
    segno.make_qr(text_of(signer), error="m").save(drawn, kind="png", scale=6, border=8)
    result = run(tmp_path, drawn.getvalue(), signer)
    assert result.exit_code == 0, result.output
    for said in (
        "打印码有效",
        "江府办〔2008〕44号",
        "第 2 份，该单位可打印 3 份",
        "市环保局",
        "2008-06-02 09:00",
        "3039",
        f"1024·{'72' * 8}",
    ):
        assert said in result.output


def test_the_text_alone_will_do_and_programs_read_json(tmp_path: Path, signer: Holder) -> None:
    result = run(tmp_path, text_of(signer).encode() + b"\n", signer, "--json")
    said = json.loads(result.output)
    assert (said["kind"], said["valid_and_trusted"], said["codes"][0]["copy"]) == ("print_code", True, 2)


def test_torn_altered_and_foreign_codes_are_told_apart(tmp_path: Path, signer: Holder) -> None:
    text = text_of(signer)
    other = make_holder(Profile.SIGNER, f"广州市{CALLED}", pki().root)
    for data, codes, said in (
        (text[:-3], signer, "残缺"),
        (text.replace("|2/3|", "|1/3|"), signer, "已被改动"),
        (text, other, "不是这个交换中心"),
    ):
        result = run(tmp_path, data.encode(), codes)
        assert (result.exit_code, said in result.output) == (1, True), result.output


def test_a_certificate_for_something_else_vouches_for_no_code(tmp_path: Path) -> None:
    """A unit's own certificate is of the same root; whoever holds its key prints no originals."""
    result = run(tmp_path, text_of(pki().unit).encode(), pki().unit)
    assert (result.exit_code, "--codes" in result.output) == (2, True)


def test_without_the_certificate_it_says_what_to_give(tmp_path: Path, signer: Holder) -> None:
    result = run(tmp_path, text_of(signer).encode(), None)
    assert (result.exit_code, "--codes" in result.output) == (2, True)


def test_a_picture_without_a_code_says_so(tmp_path: Path, signer: Holder) -> None:
    drawn = io.BytesIO()
    segno.make_qr("别的二维码").save(drawn, kind="png", scale=6)
    result = run(tmp_path, drawn.getvalue(), signer)
    assert (result.exit_code, "没有找到打印码" in result.output) == (2, True)
