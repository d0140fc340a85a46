"""Our signatures checked without our reader: unzipped by zipfile, taken apart by asn1crypto, judged by OpenSSL and
GmSSL."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import gmssl_pyx
import pytest
from asn1crypto import cms, core, parser, tsp, x509
from lxml import etree

from support.gm import DISTID, openssl
from support.sealing import authority, signed, token_for
from support.seals import NOW, pki, sealed_ofd, small_ofd
from yichuan.lib.ofd.sealing import Form, SeamSeal, Stamp, prepare_sealing, prepare_signing

FOLDER = "Doc_0/Signs/Sign_0"


def sealed() -> bytes:
    return sealed_ofd(stamps=[Stamp(4, 140, 220), SeamSeal()])


def stamped() -> bytes:
    document = signed(prepare_sealing(small_ofd(), pki().seal, [Stamp(0, 140, 220)]), pki().unit)
    return document.stamped(token_for(document)).data


def plain(form: Form) -> bytes:
    waiting = prepare_signing(small_ofd()).for_signer(pki().unit.certificate, NOW, form)
    return waiting.attach(pki().unit.key.sign(waiting.message)).data


def files_of(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def inside(der: bytes) -> bytes:
    """The content octets of the one value that `der` is."""
    contents: bytes = parser.parse(der, strict=True)[4]
    return contents


def parts(der: bytes) -> list[bytes]:
    """The values inside a constructed value, each as it stands."""
    found, rest = [], inside(der)
    while rest:
        size = parser.peek(rest)
        found.append(rest[:size])
        rest = rest[size:]
    return found


def bits(der: bytes) -> bytes:
    value: bytes = core.OctetBitString.load(der, strict=True).native
    return value


@pytest.fixture
def witnesses(tmp_path: Path) -> Callable[[bytes, bytes, bytes], bool]:
    """Whether OpenSSL and GmSSL both find the signature good; they must agree."""

    def judge(certificate: bytes, signature: bytes, message: bytes) -> bool:
        for name, content in (("certificate", certificate), ("signature", signature), ("message", message)):
            (tmp_path / name).write_bytes(content)
        key = openssl("x509", "-inform", "DER", "-in", tmp_path / "certificate", "-pubkey", "-noout").stdout
        (tmp_path / "key").write_bytes(key)
        command = ("dgst", "-sm3", "-verify", tmp_path / "key", "-sigopt", DISTID)
        by_openssl = openssl(*command, "-signature", tmp_path / "signature", tmp_path / "message").returncode == 0
        point = x509.Certificate.load(certificate).public_key["public_key"].native
        by_gmssl = bool(gmssl_pyx.sm2_verify(point[1:], message, signature))
        assert by_openssl == by_gmssl
        return by_openssl

    return judge


@pytest.mark.parametrize("make", [sealed, stamped, lambda: plain(Form.ATTRIBUTES), lambda: plain(Form.CONTENT)])
def test_every_reference_is_the_digest_of_the_bytes_in_the_package(make):
    files = files_of(make())
    references = list(etree.fromstring(files[f"{FOLDER}/Signature.xml"]).iter("{*}Reference"))
    assert len(references) >= 9
    for each in references:
        content = files[each.get("FileRef").removeprefix("/")]
        assert base64.b64decode(each[0].text) == gmssl_pyx.sm3_hash(content)


@pytest.mark.parametrize("make", [sealed, stamped])
def test_seal_and_signature_hold_over_the_bytes_that_stand_in_the_file(make, witnesses):
    files = files_of(make())
    to_sign, certificate, _, signature, *_ = parts(files[f"{FOLDER}/SignedValue.dat"])
    _, seal, _, data_hash, _ = parts(to_sign)
    assert bits(data_hash) == gmssl_pyx.sm3_hash(files[f"{FOLDER}/Signature.xml"])
    assert seal == files[f"{FOLDER}/Seal.esl"]
    assert witnesses(inside(certificate), bits(signature), to_sign)
    assert not witnesses(inside(certificate), bits(signature), to_sign[:-1] + b"!")
    info, maker, _, by_maker = parts(seal)
    assert witnesses(inside(maker), bits(by_maker), info)


def test_the_time_stamp_holds_over_the_signature_value(witnesses):
    *_, signature, field = parts(files_of(stamped())[f"{FOLDER}/SignedValue.dat"])
    data = cms.ContentInfo.load(bits(inside(field)), strict=True)["content"]
    info = tsp.TSTInfo.load(data["encap_content_info"]["content"].contents, strict=True)
    assert info["message_imprint"]["hashed_message"].native == gmssl_pyx.sm3_hash(bits(signature))
    (signer,) = data["signer_infos"]
    attributes = {each["type"].native: each["values"][0].native for each in signer["signed_attrs"]}
    assert attributes["message_digest"] == gmssl_pyx.sm3_hash(info.dump())
    assert witnesses(authority().certificate.der, signer["signature"].native, as_set(signer))


@pytest.mark.parametrize("form", Form)
def test_a_plain_signature_holds_over_its_attributes_or_its_content(form, witnesses):
    files = files_of(plain(form))
    _, wrapped = parts(files[f"{FOLDER}/SignedValue.dat"])
    _, _, content, certificates, signers = parts(inside(wrapped))
    digest = gmssl_pyx.sm3_hash(files[f"{FOLDER}/Signature.xml"])
    signer = cms.SignerInfo.load(inside(signers), strict=True)
    if form is Form.ATTRIBUTES:
        message = as_set(signer)
        assert digest in [each["values"][0].native for each in signer["signed_attrs"]]
    else:
        message = inside(inside(parts(content)[1]))
        assert message == digest
    assert witnesses(inside(certificates), signer["signature"].native, message)


def as_set(signer: cms.SignerInfo) -> bytes:
    """The signed attributes as they are signed: under the tag of a SET."""
    der: bytes = b"\x31" + signer["signed_attrs"].dump()[1:]
    return der
