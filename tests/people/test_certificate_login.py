"""Logging in by certificate: what speaks against one, and what stands on record (G-25 to G-27)."""

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from support.certificates import DAY, YEAR, accepted, for_person, officer, outside
from support.devices import at_device, bound, registered
from support.gm import make
from support.personal import (
    Signer,
    applied,
    ask,
    code_of,
    log_in,
    post,
    signed_in,
    with_certificate,
)
from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.keys.services.manage import manage
from yichuan.keys.states import Use
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Name, Profile, issue
from yichuan.people.models import Account, LoginAttempt, Method, OpenSession
from yichuan.people.services.certificate_loss import report_loss, revoke_certificate
from yichuan.people.services.certificate_review import approve
from yichuan.people.states import Carrier

PROXY = "10.9.9.9"


@pytest.fixture
def signer(world: World) -> Signer:
    return with_certificate(world, world.clerk["市环保局"])


def refused(signer: Signer, browser: Client | None = None) -> str:
    browser = browser or Client()
    code = code_of(log_in(browser, signer))
    assert not signed_in(browser)
    return code


def test_the_session_says_by_what_it_began(world: World, signer: Signer) -> None:
    assert log_in(Client(), signer).status_code == 200
    session = OpenSession.objects.get(by_certificate__certificate=signer.bound)
    assert (session.method, session.account) == (Method.CERTIFICATE, world.clerk["市环保局"])
    assert (
        Entry.objects.filter(verb="people.log_in", actor_id=session.account_id).last().detail["method"] == "certificate"
    )


def test_it_leads_on_to_pages_of_this_centre_only(signer: Signer) -> None:
    for wanted, led_to in (("/inbox/", "/inbox/"), ("//evil.example/", "/")):
        browser = Client()
        challenge = ask(browser)
        said = {
            "challenge": challenge["id"],
            "certificate": base64.b64encode(signer.der).decode(),
            "signature": signer.key.sign(challenge["text"].encode()).hex(),
        }
        assert post(browser, f"/login/certificate/answer/?next={quote(wanted)}", said).json()["to"] == led_to


def test_a_held_or_revoked_certificate(world: World, signer: Signer) -> None:
    report_loss(actor=officer(world), certificate_id=signer.bound.pk, reason="丢了")
    assert refused(signer) == "certificate_held"
    revoke_certificate(actor=officer(world), certificate_id=signer.bound.pk, reason="找不回")
    assert refused(signer) == "certificate_revoked"
    outcomes = LoginAttempt.objects.filter(account=world.clerk["市环保局"], outcome="certificate")
    assert outcomes.count() == 2
    reasons = [entry.detail["reason"] for entry in Entry.objects.filter(verb="people.log_in_failed").order_by("pk")]
    assert reasons == ["certificate_held", "certificate_revoked"]


def test_expired_and_not_yet_valid(signer: Signer) -> None:
    for at, code in ((2 * YEAR + DAY, "certificate_expired"), (-DAY, "certificate_not_yet_valid")):
        with clock.fixed_at(clock.now() + at):
            assert refused(signer) == code


def test_wrong_usage(world: World) -> None:
    key = PrivateKey.generate()
    assert refused(Signer(key, bytes(for_person(world.sending_clerk, key=key, use=Use.UNIT).der))) == (
        "certificate_wrong_usage"
    )


def test_forged_by_somebody_in_the_centres_name(signer: Signer) -> None:
    key, at = PrivateKey.generate(), clock.now()
    real = signer.bound.certificate
    own = make(Profile.ROOT, real.issuer_name, not_before=at - DAY, not_after=at + YEAR)
    forged = issue(
        Profile.CLIENT,
        subject=Name(common_name="文市环保局"),
        public_key=key.public,
        issuer=own.certificate,
        sign=own.key.sign,
        not_before=at - DAY,
        not_after=at + DAY,
    )
    assert refused(Signer(key, forged.der)) in ("certificate_forged", "certificate_unknown_authority")


def test_an_altered_certificate(signer: Signer) -> None:
    altered = bytearray(signer.der)
    altered[-1] ^= 1
    assert refused(Signer(signer.key, bytes(altered))) == "certificate_forged"


def test_an_unknown_authority(world: World) -> None:
    found = outside()
    assert refused(Signer(found.person.key, found.person.certificate.der)) == "certificate_unknown_authority"


def test_a_good_certificate_that_is_bound_to_nobody(world: World) -> None:
    key = PrivateKey.generate()
    assert refused(Signer(key, bytes(for_person(world.sending_clerk, key=key).der))) == "certificate_unbound"


def test_another_persons_key_does_not_open_this_ones_account(world: World, signer: Signer) -> None:
    other = with_certificate(world, world.clerk["市卫生局"])
    assert refused(Signer(other.key, signer.der)) == "signature_wrong"


def test_somebody_who_is_suspended(world: World, signer: Signer) -> None:
    Account.objects.filter(pk=world.clerk["市环保局"].pk).update(is_active=False)
    assert refused(signer) == "suspended"


def test_a_certificate_bound_to_a_device_logs_in_there_only(world: World) -> None:
    device = registered(world)
    secret = bound(world, device)
    signer = with_certificate(world, world.clerk["市环保局"], device_ids=[device.pk])
    assert refused(signer) == "certificate_other_device"
    assert log_in(at_device(secret), signer).status_code == 200


def test_a_certificate_of_an_accepted_authority_outside(world: World) -> None:
    found = outside()
    accepted(world, found)
    signer = Signer(found.person.key, found.person.certificate.der)
    application = applied(world.clerk["市环保局"], Carrier.EXTERNAL, offered=found.person.certificate.to_pem())
    assert refused(signer) == "certificate_unbound"
    approve(actor=officer(world), application_id=application.pk)
    assert log_in(Client(), signer).status_code == 200
    report_loss(actor=officer(world), certificate_id=signer.bound.pk, reason="丢了")
    assert refused(signer) == "certificate_held"


class TestByTheReverseProxy:
    """The certificate comes in a header, from a trusted proxy or from nobody."""

    HEADER = "XClientCert"

    @pytest.fixture(autouse=True)
    def proxy(self, settings: Settings) -> None:
        settings.YICHUAN_TLS_CLIENT_HEADER = self.HEADER
        settings.YICHUAN_TRUSTED_PROXIES = [PROXY]

    def _said(self, signer: Signer, form: str) -> str:
        if form == "pem":
            return quote(signer.bound.certificate.to_pem().decode())
        colon = ":" if form == "rfc9440" else ""
        return colon + base64.b64encode(signer.der).decode() + colon

    def _log_in(self, said: str, address: str = PROXY) -> tuple[int, str]:
        browser = Client()
        answer = browser.post("/login/tls/", headers={self.HEADER: said}, REMOTE_ADDR=address)
        assert signed_in(browser) is (answer.status_code == 302)
        return answer.status_code, answer.content.decode()

    @pytest.mark.parametrize("form", ["pem", "der", "rfc9440"])
    def test_from_the_trusted_proxy_it_logs_in(self, signer: Signer, form: str) -> None:
        assert self._log_in(self._said(signer, form))[0] == 302

    def test_from_anybody_else_it_is_ignored_and_logged(self, signer: Signer, caplog: pytest.LogCaptureFixture) -> None:
        status, page = self._log_in(self._said(signer, "pem"), "10.9.9.8")
        assert status == 422
        assert "没有出示证书" in page
        assert "10.9.9.8" in caplog.text
        assert "CERTIFICATE" not in caplog.text

    def test_the_proxys_word_about_another_sender_changes_nothing(self, signer: Signer) -> None:
        browser = Client()
        answer = browser.post(
            "/login/tls/",
            headers={self.HEADER: self._said(signer, "pem"), "X-Forwarded-For": PROXY},
            REMOTE_ADDR="10.9.9.8",
        )
        assert answer.status_code == 422

    def test_off_unless_both_settings_are_there(self, signer: Signer, settings: Settings) -> None:
        for name in ("YICHUAN_TLS_CLIENT_HEADER", "YICHUAN_TRUSTED_PROXIES"):
            kept = getattr(settings, name)
            setattr(settings, name, type(kept)())
            assert self._log_in(self._said(signer, "pem"))[0] == 422
            assert "浏览器里的证书" not in Client().get("/login/certificate/").content.decode()
            setattr(settings, name, kept)
        assert "浏览器里的证书" in Client().get("/login/certificate/").content.decode()

    def test_what_is_no_certificate_is_refused(self, world: World) -> None:
        for said in ("x" * 40_000, "-----BEGIN", "%%%", base64.b64encode(b"junk").decode()):
            assert self._log_in(said)[0] == 422

    def test_it_goes_through_the_same_checks(self, world: World, signer: Signer) -> None:
        report_loss(actor=officer(world), certificate_id=signer.bound.pk, reason="丢了")
        assert "已经挂失" in self._log_in(self._said(signer, "pem"))[1]


def test_no_password_is_asked_for_and_none_is_changed(world: World, signer: Signer) -> None:
    Account.objects.filter(pk=signer.bound.account_id).update(password_set_at=clock.now() - timedelta(days=400))
    browser = Client()
    log_in(browser, signer)
    assert browser.get("/").status_code == 200, "an old password is no matter for a certificate"
    assert Client().post("/login/", {"username": "clerk-2", "password": PASSWORD}).status_code == 302


def test_a_certificate_ended_in_the_centres_register_ends_its_sessions_too(world: World, signer: Signer) -> None:
    browser, other = Client(), world.browser(world.clerk["市环保局"])
    log_in(browser, signer)
    issued = signer.bound.issued
    assert issued is not None
    manage(actor=officer(world), verb="hold", certificate_id=issued.pk, words="本人电话报失")
    assert not signed_in(browser)
    assert signed_in(other)
