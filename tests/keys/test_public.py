"""What anybody may fetch without a login: lists, CA certificates, and the status of one certificate."""

import base64
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from support.certificates import DAY, for_person
from support.world import World, broken_device
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.keys.services.authority import ISSUING, OCSP, ROOT, certificate_of
from yichuan.keys.services.hold import hold
from yichuan.keys.services.publish import publish_wanted
from yichuan.lib.gm.crl import Crl, Reason
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.ocsp import CertId, Request, Response, Status
from yichuan.lib.gm.x509 import Certificate

NONCE = b"0123456789abcdef"


def status(certificate: Certificate, *, nonce: bytes | None = None, get: bool = False) -> Status:
    """What the responder says of it, everything about the answer being in order."""
    issuing = certificate_of(ISSUING)
    der = Request((CertId.of(certificate.serial, issuing),), nonce).to_der()
    client = Client(enforce_csrf_checks=True)
    if get:
        response = client.get(f"/certificates/ocsp/{quote(base64.b64encode(der).decode(), safe='')}")
    else:
        response = client.post("/certificates/ocsp/", der, content_type="application/ocsp-request")
    assert (response.status_code, response["Content-Type"]) == (200, "application/ocsp-response")
    read = Response.from_der(response.content)
    assert read.responder == certificate_of(OCSP)
    return read.answer(certificate, issuing, clock.now(), nonce).status


def test_the_lists_stand_where_certificates_say(world: World) -> None:
    for label, below in ((ROOT, certificate_of(ISSUING)), (ISSUING, certificate_of(OCSP))):
        (url,) = below.crl_urls
        assert url.startswith(settings.YICHUAN_ORIGIN)
        response = Client().get(urlsplit(url).path)
        assert response["Content-Type"] == "application/pkix-crl"
        assert Crl.from_der(response.content).signed_by(certificate_of(label))
        assert response["Cache-Control"] == "public, max-age=300"
        assert response["ETag"] == f'"{label.removeprefix("ca:")}-1"'


def test_a_loss_is_on_the_list_at_once(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    with command():
        hold(actor=None, certificate=row, reason="丢失")
    publish_wanted()
    crl = Crl.from_der(Client().get("/certificates/crl/issuing.crl").content)
    assert crl.revoked[int(row.serial, 16)].reason is Reason.CERTIFICATE_HOLD


def test_no_cache_keeps_a_list_beyond_its_end(world: World) -> None:
    with clock.fixed_at(clock.now() + 9 * DAY):
        assert Client().get("/certificates/crl/issuing.crl")["Cache-Control"] == "public, max-age=0"


def test_the_ca_certificates_can_be_fetched(world: World) -> None:
    for name, label in (("root", ROOT), ("issuing", ISSUING)):
        response = Client().get(f"/certificates/ca/{name}.cer")
        assert response["Content-Type"] == "application/pkix-cert"
        assert Certificate.from_der(response.content) == certificate_of(label)


@pytest.mark.parametrize("path", ["crl/ocsp.crl", "crl/seals.crl", "ca/ocsp.cer", "ca/..%2froot.cer", "ca/x.cer"])
def test_other_names_are_not_found(world: World, path: str) -> None:
    assert Client().get(f"/certificates/{path}").status_code == 404


@pytest.mark.parametrize("get", [False, True])
@pytest.mark.parametrize("nonce", [None, NONCE])
def test_good_held_and_unknown(world: World, get: bool, nonce: bytes | None) -> None:
    row = for_person(world.clerk["市环保局"])
    assert status(row.certificate, nonce=nonce, get=get) is Status.GOOD
    with command():
        hold(actor=None, certificate=row, reason="丢失")
    assert status(row.certificate, nonce=nonce, get=get) is Status.REVOKED
    assert status(certificate_of(ISSUING), nonce=nonce, get=get) is Status.UNKNOWN  # another issuer's number


def test_of_another_cas_certificate_nothing_is_known(world: World) -> None:
    der = Request((CertId.of(1, certificate_of(ROOT)),)).to_der()
    response = Client().post("/certificates/ocsp/", der, content_type="application/ocsp-request")
    assert [each.status for each in Response.from_der(response.content).answers] == [Status.UNKNOWN]


@pytest.mark.parametrize("body", [b"", b"junk", b"\x30" * 5000])
def test_a_request_that_is_none_gets_an_answer_that_says_so(world: World, body: bytes) -> None:
    response = Client().post("/certificates/ocsp/", body, content_type="application/ocsp-request")
    assert response.status_code == 200
    with pytest.raises(GmError, match="malformed_request"):
        Response.from_der(response.content)
    for question in ("!!", "%E8%AF%81", "AAAA"):
        with pytest.raises(GmError, match="malformed_request"):
            Response.from_der(Client().get(f"/certificates/ocsp/{question}").content)


def test_a_device_that_does_not_answer_is_said_to_be_asked_later(world: World) -> None:
    der = Request((CertId.of(1, certificate_of(ISSUING)),)).to_der()
    with broken_device("sign"):
        response = Client().post("/certificates/ocsp/", der, content_type="application/ocsp-request")
    with pytest.raises(GmError, match="try_later"):
        Response.from_der(response.content)


def test_only_an_answer_that_anybody_may_hear_is_kept_by_caches(world: World) -> None:
    issuing = certificate_of(ISSUING)
    for nonce, kept in ((None, "public, max-age=60"), (NONCE, "no-store")):
        der = Request((CertId.of(1, issuing),), nonce).to_der()
        question = quote(base64.b64encode(der).decode(), safe="")
        assert Client().get(f"/certificates/ocsp/{question}")["Cache-Control"] == kept
        posted = Client().post("/certificates/ocsp/", der, content_type="application/ocsp-request")
        assert posted["Cache-Control"] == "no-store"
