"""A time stamp authority: asking, answering, taking the answer."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from hypothesis import given
from hypothesis import strategies as st

from support.other_seals import integer, octets, oid, sequence, signed_data, time_stamp
from support.seals import NOW, YEAR, Holder, make_holder, make_root, pki
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ses import oids, tlv
from yichuan.lib.ses.model import SesError
from yichuan.lib.ses.time_stamp import check_time_stamp, read_time_stamp
from yichuan.lib.ses.time_stamp_request import TimeStampRequest, ask_time_stamp
from yichuan.lib.ses.tsa import TimeStampAuthority

POLICY = "1.2.3.4.1"
STAMPED = b"a signature value"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not here")


@cache
def holder() -> Holder:
    return make_holder(Profile.TIME_STAMP, "江门市时间戳服务", pki().root)


def authority(by: Holder | None = None, **changes: object) -> TimeStampAuthority:
    numbers = count(7)
    chosen = by or holder()
    given = {"serials": lambda: next(numbers), "policy": POLICY, "sign": chosen.key.sign} | changes
    return TimeStampAuthority(chosen.certificate, **given)  # type: ignore[arg-type]


def info_of(token: bytes) -> dict[str, object]:
    native: dict[str, object] = tsp.TSTInfo.load(read_time_stamp(token).content, strict=True).native
    return native


def refused(answer: Callable[[TimeStampRequest], bytes], *, trust: list | None = None, at: datetime = NOW) -> str:
    request = ask_time_stamp(STAMPED, policy=POLICY)
    with pytest.raises(SesError) as error:
        request.accept(answer(request), trust=pki().trust if trust is None else trust, at=at)
    return error.value.code


def failure_of(response: bytes) -> set[str]:
    status = tsp.PKIStatusInfo.load(tlv.read(response).children()[0].raw, strict=True).native
    assert status["status"] == "rejection"
    assert status["status_string"][0]
    return set(status["fail_info"])


def test_an_answered_request_is_a_stamp_that_holds():
    request = ask_time_stamp(STAMPED)
    token = request.accept(authority().respond(request.der, NOW), trust=pki().trust, at=NOW)
    step, proven = check_time_stamp("time_stamp", token, STAMPED, trust=pki().trust, at=NOW)
    assert (step.ok, proven) == (True, NOW)


def test_the_token_says_what_was_asked_and_what_the_authority_knows():
    request = ask_time_stamp(STAMPED, policy=POLICY, nonce=2**62)
    by = authority(accuracy=timedelta(seconds=2, milliseconds=30, microseconds=4))
    token = request.accept(by.respond(request.der, NOW + timedelta(microseconds=9)), trust=pki().trust, at=NOW)
    info = info_of(token)
    assert (info["policy"], info["serial_number"], info["nonce"]) == (POLICY, 7, 2**62)
    assert info["gen_time"] == NOW
    assert info["accuracy"] == {"seconds": 2, "millis": 30, "micros": 4}
    assert info["message_imprint"] == {
        "hash_algorithm": {"algorithm": oids.SM3, "parameters": None},
        "hashed_message": sm3(STAMPED),
    }


def test_every_stamp_has_a_number_of_its_own():
    by = authority()
    requests = [ask_time_stamp(STAMPED) for _ in range(3)]
    tokens = [each.accept(by.respond(each.der, NOW), trust=pki().trust, at=NOW) for each in requests]
    assert [info_of(token)["serial_number"] for token in tokens] == [7, 8, 9]
    assert len({each.nonce for each in requests}) == 3


def test_the_token_is_cms_in_strict_der_and_binds_the_certificate():
    request = ask_time_stamp(STAMPED)
    token = request.accept(authority().respond(request.der, NOW), trust=pki().trust, at=NOW)
    signed = tsp.ContentInfo.load(token, strict=True)["content"]
    assert signed["version"].native == "v3"
    assert signed["encap_content_info"]["content_type"].native == "tst_info"
    (signer,) = signed["signer_infos"]
    attributes = {each["type"].native: each["values"][0] for each in signer["signed_attrs"]}
    assert set(attributes) == {"content_type", "message_digest", "signing_time", "signing_certificate_v2"}
    (bound,) = attributes["signing_certificate_v2"]["certs"]
    assert bound["cert_hash"].native == holder().certificate.fingerprint
    encoded = [each.dump() for each in signer["signed_attrs"]]
    assert encoded == sorted(encoded)


def test_certificates_are_sent_when_they_are_asked_for():
    asked = tsp.TimeStampReq.load(ask_time_stamp(STAMPED).der)
    by = authority(chain=(pki().root.certificate,))
    for wanted, expected in ((True, {holder().certificate.der, pki().root.certificate.der}), (False, set())):
        asked["cert_req"] = wanted
        token = tlv.read(by.respond(asked.dump(force=True), NOW)).children()[1].raw
        certificates = tsp.ContentInfo.load(token)["content"]["certificates"]
        assert {each.dump() for each in certificates} == expected


def test_a_request_without_nonce_gets_a_token_without_one():
    imprint = sequence(sequence(oid(oids.SM3)), octets(sm3(STAMPED)))
    response = authority().respond(sequence(integer(1), imprint), NOW)
    assert info_of(tlv.read(response).children()[1].raw)["nonce"] is None


SM3_IMPRINT = sequence(sequence(oid(oids.SM3)), octets(sm3(STAMPED)))


@pytest.mark.parametrize(
    ("request_", "failure"),
    [
        (b"", "bad_data_format"),
        (b"junk", "bad_data_format"),
        (sequence(integer(1), integer(2)), "bad_data_format"),
        (sequence(integer(2), SM3_IMPRINT), "bad_request"),
        (sequence(integer(1), SM3_IMPRINT, integer(5), integer(6)), "bad_request"),
        (sequence(integer(1), SM3_IMPRINT, integer(1 << 600)), "bad_data_format"),
        (sequence(integer(1), sequence(sequence(oid("1.3.14.3.2.26")), octets(b"x" * 20))), "bad_alg"),
        (sequence(integer(1), sequence(sequence(oid(oids.SM3)), octets(b"x" * 31))), "bad_alg"),
        (sequence(integer(1), SM3_IMPRINT, oid("1.2.3.4.2")), "unaccepted_policy"),
        (sequence(integer(1), SM3_IMPRINT, tlv.encode(tlv.CONTEXT_0, sequence())), "unaccepted_extensions"),
    ],
)
def test_a_request_that_is_not_served_is_refused_with_its_reason(request_, failure):
    assert failure_of(authority().respond(request_, NOW)) == {failure}


@given(st.binary(max_size=80))
def test_hostile_requests_get_a_refusal(request_):
    assert failure_of(authority().respond(request_, NOW))


@given(st.integers(0), st.integers(0, 255))
def test_a_damaged_answer_never_says_anything_else(place, value):
    request = ask_time_stamp(STAMPED, nonce=1)
    answer = bytearray(_answer())
    place %= len(answer)
    if answer[place] == value:
        return
    answer[place] = value
    try:
        token = request.accept(bytes(answer), trust=pki().trust, at=NOW)
    except SesError:
        return
    # What is left are parts that nobody signed, as the status and the versions.
    assert read_time_stamp(token).content == read_time_stamp(_answer()).content


@cache
def _answer() -> bytes:
    return authority().respond(ask_time_stamp(STAMPED, nonce=1).der, NOW)


def test_an_answer_to_another_request_is_not_taken():
    by = authority()
    assert refused(lambda request: by.respond(ask_time_stamp(STAMPED, policy=POLICY).der, NOW)) == "time_stamp_nonce"
    other = lambda request: by.respond(ask_time_stamp(b"else", nonce=request.nonce).der, NOW)  # noqa: E731
    assert refused(other) == "time_stamp_imprint"


def test_another_policy_is_not_taken():
    lax = authority(policy="1.2.3.4.99")
    answer = lambda request: lax.respond(ask_time_stamp(STAMPED, nonce=request.nonce).der, NOW)  # noqa: E731
    assert refused(answer) == "time_stamp_policy"


def test_a_token_without_the_nonce_is_not_taken():
    token = time_stamp(holder(), STAMPED, NOW)
    assert refused(lambda request: sequence(sequence(integer(0)), token)) == "time_stamp_nonce"


def test_a_refusal_says_why():
    request = ask_time_stamp(STAMPED, policy="1.2.3.4.2")
    with pytest.raises(SesError, match=r"only policy 1\.2\.3\.4\.1") as error:
        request.accept(authority().respond(request.der, NOW), trust=pki().trust, at=NOW)
    assert error.value.code == "time_stamp_refused"


@pytest.mark.parametrize("answer", [b"", b"junk", sequence(), sequence(sequence(integer(0))), sequence(integer(0))])
def test_what_is_no_answer_is_not_taken(answer):
    assert refused(lambda request: answer) in ("asn1", "time_stamp")


def test_an_authority_that_nobody_vouches_for_is_not_believed():
    stranger = make_holder(Profile.TIME_STAMP, "别的时间戳", make_root("别的根"))
    by = authority(stranger)
    assert refused(lambda request: by.respond(request.der, NOW)) == "time_stamp_untrusted"


def test_a_certificate_for_something_else_stamps_nothing():
    with pytest.raises(SesError) as error:
        authority(pki().unit)
    assert error.value.code == "time_stamp_usage"

    def signer_answers(request: TimeStampRequest) -> bytes:
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": {"hash_algorithm": {"algorithm": oids.SM3}, "hashed_message": sm3(STAMPED)},
                "serial_number": 1,
                "gen_time": NOW,
                "nonce": request.nonce,
            }
        ).dump()
        return sequence(sequence(integer(0)), signed_data(pki().unit, STAMPED, form="attributes", carried=info))

    assert refused(signer_answers) == "time_stamp_false"


def test_a_stamp_of_tomorrow_is_not_taken_but_clocks_may_differ_by_minutes():
    by = authority()
    assert refused(lambda request: by.respond(request.der, NOW + timedelta(days=1))) == "time_stamp_false"
    request = ask_time_stamp(STAMPED)
    assert request.accept(by.respond(request.der, NOW + timedelta(minutes=2)), trust=pki().trust, at=NOW)


def test_the_authority_must_be_in_order_itself():
    request = ask_time_stamp(STAMPED).der
    for code, ask in (
        ("certificate_period", lambda: authority().respond(request, NOW + 9 * YEAR)),
        ("time", lambda: authority().respond(request, datetime(2026, 11, 21))),  # noqa: DTZ001 - naive on purpose
        ("signature", lambda: authority(sign=pki().unit.key.sign).respond(request, NOW)),
    ):
        with pytest.raises(SesError) as error:
            ask()
        assert error.value.code == code


def test_naive_times_are_refused_on_taking_an_answer():
    naive = datetime(2026, 11, 21)  # noqa: DTZ001 - naive on purpose
    assert refused(lambda request: authority().respond(request.der, NOW), at=naive) == "time"


def test_the_profile_makes_certificates_for_time_stamps_alone():
    extensions = asn1_x509.Certificate.load(holder().certificate.der)["tbs_certificate"]["extensions"]
    (usage,) = [each for each in extensions if each["extn_id"].native == "extended_key_usage"]
    assert usage["critical"].native is True
    assert usage["extn_value"].native == ["time_stamping"]


@needs_openssl
def test_the_openssl_command_reads_request_and_answer_and_agrees_with_the_signature(tmp_path: Path):
    request = ask_time_stamp(STAMPED, policy=POLICY)
    response = authority().respond(request.der, NOW)
    token = read_time_stamp(request.accept(response, trust=pki().trust, at=NOW))
    parts = {
        "request": request.der,
        "response": response,
        "key": holder().key.public.der,
        "value": token.signed.signature,
        "message": token.signed.signed or b"",
    }
    for name, content in parts.items():
        (tmp_path / name).write_bytes(content)

    def openssl(command: str) -> str:
        result = subprocess.run(["openssl", *command.split()], cwd=tmp_path, capture_output=True, check=True, text=True)
        return result.stdout

    asked = openssl("ts -query -in request -text")
    assert "Hash Algorithm: sm3" in asked
    assert f"{request.nonce:X}" in asked
    answered = openssl("ts -reply -in response -text")
    assert "Status: Granted." in answered
    assert "Time stamp: Nov 21 09:00:00 2026 GMT" in answered
    verified = openssl("dgst -sm3 -verify key -keyform DER -sigopt distid:1234567812345678 -signature value message")
    assert verified == "Verified OK\n"
