"""Verifying PAdES (ETSI EN 319 142-1) and PKCS #7 signatures of a PDF with RSA or ECDSA, each check a named step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_self_reported_ts,
    extract_tst_data_iter,
    validate_sig_integrity,
)

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses import oids
from yichuan.lib.ses.steps import Step, shown, step
from yichuan.lib.ses.time_stamp import check_time_stamp
from yichuan.lib.ses.times import CLOCK_SKEW

from .paths import Evidence, given, holder, path_step, revocation_step, stamping_fault
from .reading import OpenPdf, entry, listed
from .steps import pdf_step

_STRONG = frozenset(("sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"))
_MOST_EMBEDDED = 256


@dataclass(frozen=True)
class Relied:
    """What a verification relies on: certificates, the time of the check, lists (None: revocation is not asked)."""

    trust: list[Certificate]
    at: datetime
    crls: Sequence[Crl] | None


@dataclass(frozen=True)
class Times:
    """What stands outside a signature value of its time: `written` in the signature dictionary (/M), `stamped` by a
    stamp over the document that was added later."""

    written: datetime | None
    stamped: datetime | None


def is_foreign(contents: bytes) -> bool:
    """Whether a signature value is CMS (PKCS #7) with another digest than SM3: then it is checked here."""
    try:
        info = cms.ContentInfo.load(contents)
        if info["content_type"].native != "signed_data":
            return False
        signers = info["content"]["signer_infos"]
        return len(signers) > 0 and signers[0]["digest_algorithm"]["algorithm"].dotted not in oids.SM3_ALIASES
    except (ValueError, TypeError, KeyError):
        return False


def embedded_evidence(pdf: OpenPdf) -> Evidence:
    """Certificates, lists and answers of the document security store (ISO 32000-2, 12.8.4.3); unreadable ones are
    passed over."""
    store = entry(pdf.reader.root, "/DSS")
    return Evidence(
        tuple(_loaded(asn1.Certificate, entry(store, "/Certs"), DecodePurpose.CERTIFICATE)),
        tuple(_loaded(asn1_crl.CertificateList, entry(store, "/CRLs"), DecodePurpose.CRL)),
        tuple(_loaded(asn1_ocsp.OCSPResponse, entry(store, "/OCSPs"), DecodePurpose.OCSP_RESPONSE)),
    )


def _loaded(kind: type[core.Sequence], streams: object, purpose: DecodePurpose) -> Iterator[Any]:
    for raw in listed(streams)[:_MOST_EMBEDDED]:
        stream = raw.get_object()
        if isinstance(stream, generic.StreamObject):
            try:
                value = kind.load(stream.read_data(purpose))
                value.native  # noqa: B018 - read for its errors
            except (misc.PdfStreamError, ValueError, TypeError, KeyError):
                continue
            yield value


def signature_steps(
    contents: bytes, signed: bytes, subfilter: str, times: Times, evidence: Evidence, relied: Relied
) -> tuple[str, list[Step]]:
    """The version, and the steps structure, data_hash, signature_algorithm, signature, signer_certificate,
    signer_revocation, signing_time, certificate_period and time_stamp.

    `signed` are the bytes the ByteRange covers.
    """
    data = cms.ContentInfo.load(contents)["content"]
    signer = extract_signer_info(data)
    certificates = extract_certs_for_validation(data)
    leaf = certificates.signer_cert
    evidence = evidence.with_certificates(certificates.other_certs)
    version = "PAdES B-B" if subfilter == "/ETSI.CAdES.detached" else "PKCS #7"
    stamped, proven = _signature_stamp(signer, evidence, relied)
    if version == "PAdES B-B" and proven is not None:
        version = "PAdES B-LT" if evidence.about_revocation else "PAdES B-T"
    if version == "PAdES B-LT" and times.stamped is not None:
        version = "PAdES B-LTA"
    if proven is None and times.stamped is not None:
        stamped, proven = pdf_step("time_stamp", True, "document_stamp", time=shown(times.stamped)), times.stamped
    claimed = extract_self_reported_ts(signer) or times.written
    steps = [pdf_step("structure", True, "read_pades", version=version), *_content_steps(data, signer, leaf, signed)]
    signed_at = min(proven or claimed or relied.at, relied.at)
    path, found = path_step("signer_certificate", leaf, evidence, trust=relied.trust, at=signed_at)
    steps += [path, _revocation(leaf, evidence, relied, claimed, proven, found)]
    steps += _time_steps(leaf, claimed, proven, relied.at)
    return version, [*steps, stamped]


def _content_steps(data: cms.SignedData, signer: cms.SignerInfo, leaf: asn1.Certificate, signed: bytes) -> list[Step]:
    digest_name = signer["digest_algorithm"]["algorithm"].native
    mechanism = f"{signer['signature_algorithm'].signature_algo} / {digest_name}"
    algorithm = _algorithm_step(digest_name, mechanism)
    if data["encap_content_info"]["content"] is not core.VOID and data["encap_content_info"]["content"].native:
        return [pdf_step("data_hash", None, "format_unsupported", name="adbe.pkcs7.sha1"), algorithm]
    try:
        intact, valid = validate_sig_integrity(signer, leaf, "data", _digest(signer["digest_algorithm"], signed))
    except SignatureValidationError as error:
        return [pdf_step("signature", False, "attributes_false", detail=error), algorithm]
    except (ValueError, TypeError, NotImplementedError) as error:
        return [step("signature", None, "algorithm_unsupported", name=f"{mechanism}: {error}"), algorithm]
    return [
        pdf_step("data_hash", intact, "bytes_match" if intact else "bytes_differ"),
        algorithm,
        step("signature", valid, "signature_holds" if valid else "signature_false", name=holder(leaf)),
    ]


def _digest(algorithm: algos.DigestAlgorithm, data: bytes) -> bytes:
    """ValueError for a digest that is not known here."""
    return hashlib.new(algorithm["algorithm"].native, data, usedforsecurity=False).digest()


def _algorithm_step(digest: str, mechanism: str) -> Step:
    strong = digest in _STRONG
    finding = "algorithm_named" if strong else "algorithm_weak"
    return pdf_step("signature_algorithm", True if strong else None, finding, name=mechanism)


def _revocation(
    leaf: asn1.Certificate,
    evidence: Evidence,
    relied: Relied,
    claimed: datetime | None,
    proven: datetime | None,
    path_found: bool,
) -> Step:
    if relied.crls is None and not evidence.about_revocation:
        return step("revocation", None, "revocation_not_asked")
    if not path_found:
        return step("signer_revocation", None, "revocation_no_path")
    lists = Evidence(evidence.certificates, (*evidence.crls, *given(relied.crls)), evidence.ocsps)
    found = revocation_step(
        "signer_revocation", leaf, lists, trust=relied.trust, at=relied.at, claimed=claimed, proven=proven
    )
    if found.ok is None and relied.crls is None:
        return Step("revocation", None, found.note, found.note_zh, found.finding)
    return found


def _time_steps(leaf: asn1.Certificate, claimed: datetime | None, proven: datetime | None, at: datetime) -> list[Step]:
    moment = proven or claimed
    if moment is None:
        return [step("signing_time", None, "time_absent")]
    if claimed is not None and claimed > at + CLOCK_SKEW:
        time = step("signing_time", False, "time_future", time=shown(claimed))
    elif proven is None:
        time = step("signing_time", None, "time_claimed", time=shown(moment))
    elif claimed is not None and claimed > proven + CLOCK_SKEW:
        time = step("signing_time", False, "time_contradicted", time=shown(claimed))
    else:
        time = step("signing_time", True, "time_proven", time=shown(proven))
    start, end = leaf.not_valid_before, leaf.not_valid_after
    period = {"start": shown(start), "end": shown(end)}
    if start <= moment <= end:
        return [time, step("certificate_period", True, "within", **period)]
    return [time, step("certificate_period", False, "outside", time=shown(moment), **period)]


def _signature_stamp(signer: cms.SignerInfo, evidence: Evidence, relied: Relied) -> tuple[Step, datetime | None]:
    tokens = list(extract_tst_data_iter(signer, signed=False))
    if not tokens:
        return step("time_stamp", None, "stamp_absent"), None
    return stamp_step("time_stamp", tokens[0], signer["signature"].native, evidence, relied)


def stamp_step(
    name: str, token: cms.SignedData, stamped: bytes, evidence: Evidence, relied: Relied
) -> tuple[Step, datetime | None]:
    """The step `name`, and the proven time when it holds: is the token (RFC 3161) a trusted authority's word over
    `stamped`? Tokens with SM2 and SM3 are checked by `ses.time_stamp`."""
    try:
        signer = extract_signer_info(token)
        if signer["digest_algorithm"]["algorithm"].dotted in oids.SM3_ALIASES:
            der = cms.ContentInfo({"content_type": "signed_data", "content": token}).dump()
            return check_time_stamp(name, der, stamped, trust=relied.trust, at=relied.at, crls=relied.crls)
        said = token["encap_content_info"]["content"]
        info = said.parsed
        if not isinstance(info, tsp.TSTInfo):
            return step(name, False, "unreadable", detail="the token holds no TSTInfo"), None
        moment = info["gen_time"].native
        imprint = info["message_imprint"]
        expected = _digest(imprint["hash_algorithm"], stamped)
        certificates = extract_certs_for_validation(token)
        leaf = certificates.signer_cert
        digest = hashlib.new(
            signer["digest_algorithm"]["algorithm"].native, bytes(said), usedforsecurity=False
        ).digest()
        holds = all(validate_sig_integrity(signer, leaf, "tst_info", digest))
    except (SignatureValidationError, ValueError, TypeError, KeyError, NotImplementedError) as error:
        return step(name, False, "unreadable", detail=error), None
    if imprint["hashed_message"].native != expected:
        return step(name, False, "stamp_of_other"), None
    if not holds:
        return step(name, False, "stamp_false", name=holder(leaf)), None
    if moment > relied.at:
        return step(name, False, "time_future", time=shown(moment)), None
    evidence = evidence.with_certificates(certificates.other_certs)
    path, _ = path_step(name, leaf, evidence, trust=relied.trust, at=moment, purpose="time_stamping")
    if path.ok is not True:
        return path, None
    lists = Evidence(evidence.certificates, (*evidence.crls, *given(relied.crls)), evidence.ocsps)
    if lists.about_revocation or relied.crls is not None:
        against = stamping_fault(name, leaf, lists, trust=relied.trust, moment=moment, at=relied.at)
        if against is not None and (against.ok is False or relied.crls is not None):
            return against, None
    return step(name, True, "stamp_holds", time=shown(moment), name=holder(leaf)), moment
