"""Renewal, loss and revocation of a personal certificate (G-25 to G-28)."""

import base64
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from support.certificates import officer
from support.devices import admin
from support.personal import (
    Signer,
    applied,
    ask,
    code_of,
    collected,
    log_in,
    post,
    signed_in,
    with_certificate,
)
from support.world import PASSWORD, World
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.keys.selectors import crls
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.org.duties import Duty
from yichuan.people.models import Account, PersonCertificate
from yichuan.people.services.certificate_collect import RENEWED_FROM
from yichuan.people.services.certificate_loss import release_certificate, report_loss, revoke_certificate
from yichuan.people.services.certificate_review import approve
from yichuan.people.services.challenge import digest_of

NEAR_THE_END = timedelta(days=2 * 365) - RENEWED_FROM + timedelta(days=1)


@pytest.fixture
def clerk(world: World) -> Account:
    return world.clerk["市环保局"]


def renewed(browser: Client, signer: Signer, key: PrivateKey | None = None, old: PrivateKey | None = None) -> Any:
    """Ask for a successor, the old key signing for the new one."""
    key = key or PrivateKey.generate()
    point = key.public.point.hex()
    challenge = ask(browser, "renew", digest_of(point))
    text = challenge["text"].encode()
    said = {
        "challenge": challenge["id"],
        "certificate": base64.b64encode(signer.der).decode(),
        "old_signature": (old or signer.key).sign(text).hex(),
        "public_key": point,
        "signature": key.sign(text).hex(),
    }
    return post(browser, "/person-certificates/renew/answer/", said)


class TestRenewing:
    @pytest.fixture(autouse=True)
    def passwords_of_that_day(self, world: World) -> None:
        Account.objects.update(password_set_at=clock.now() + timedelta(days=700))

    def test_the_old_key_asks_and_is_superseded(self, world: World, clerk: Account) -> None:
        signer = with_certificate(world, clerk)
        with clock.fixed_at(clock.now() + NEAR_THE_END):
            answer = renewed(world.browser(clerk), signer)
            assert answer.status_code == 200, answer.content.decode()
            assert signer.bound.state is CertificateState.SUPERSEDED
            assert code_of(log_in(Client(), signer)) == "certificate_superseded"
        assert PersonCertificate.objects.filter(account=clerk).count() == 2

    def test_not_too_early_not_by_another_key_not_for_another_person(self, world: World, clerk: Account) -> None:
        signer = with_certificate(world, clerk)
        assert code_of(renewed(world.browser(clerk), signer)) == "too_early"
        with clock.fixed_at(clock.now() + NEAR_THE_END):
            assert code_of(renewed(world.browser(clerk), signer, old=PrivateKey.generate())) == "signature_wrong"
            assert code_of(renewed(world.browser(world.sending_clerk), signer)) == "no_certificate"
            assert code_of(renewed(world.browser(clerk), signer, key=signer.key)) == "key_taken"

    def test_not_after_its_end(self, world: World, clerk: Account) -> None:
        signer = with_certificate(world, clerk)
        with clock.fixed_at(clock.now() + timedelta(days=731)):
            assert code_of(renewed(world.browser(clerk), signer)) == "certificate_expired"


class TestLoss:
    def test_by_the_person_with_the_password_without_logging_in(self, world: World, clerk: Account) -> None:
        signer = with_certificate(world, clerk)
        browser = Client()
        log_in(browser, signer)
        other = world.browser(clerk)
        said = {"username": clerk.username, "password": PASSWORD, "reason": "U 盘丢了"}
        page = Client().post("/login/loss/", said).content.decode()
        assert "已挂失 1 张" in page
        assert signer.bound.state is CertificateState.HELD
        assert not signed_in(browser), "what was begun with it ends"
        assert "证书已停用" in browser.get("/login/").content.decode()
        assert signed_in(other), "what was begun otherwise goes on"
        assert "没有在用的数字证书" in Client().post("/login/loss/", said).content.decode()

    def test_a_wrong_password_holds_nothing_and_counts(self, world: World, clerk: Account) -> None:
        signer = with_certificate(world, clerk)
        said = {"username": clerk.username, "password": "Wrong-words-1", "reason": "丢了"}
        for _ in range(5):
            assert Client().post("/login/loss/", said).status_code == 422
        assert signer.bound.state is CertificateState.VALID
        assert "已锁定" in Client().post("/login/loss/", said | {"password": PASSWORD}).content.decode()

    def test_the_list_goes_out_at_once(
        self, world: World, clerk: Account, django_capture_on_commit_callbacks: Any
    ) -> None:
        signer = with_certificate(world, clerk)
        with django_capture_on_commit_callbacks(execute=True):
            report_loss(actor=admin(world), certificate_id=signer.bound.pk, reason="丢了")
        assert any(signer.bound.certificate.serial in crl.revoked for crl in crls())

    def test_who_may_hold_release_and_revoke(self, world: World, clerk: Account) -> None:
        bound = with_certificate(world, clerk).bound
        for stranger in (clerk, admin(world, "市卫生局"), world.holder(Duty.AUDITOR)):
            with pytest.raises(NotAllowed):
                report_loss(actor=stranger, certificate_id=bound.pk, reason="x")
        report_loss(actor=admin(world), certificate_id=bound.pk, reason="丢了")
        for verb in (release_certificate, revoke_certificate):
            with pytest.raises(NotAllowed):
                verb(actor=admin(world), certificate_id=bound.pk, reason="找到了")
        assert release_certificate(actor=officer(world), certificate_id=bound.pk, reason="找到了").state == "valid"
        assert revoke_certificate(actor=officer(world), certificate_id=bound.pk, reason="调离").state == "revoked"
        with pytest.raises(Refused, match="已吊销"):
            report_loss(actor=officer(world), certificate_id=bound.pk, reason="丢了")

    def test_nobody_releases_their_own(self, world: World) -> None:
        first, second = world.holder(Duty.SECURITY_OFFICER), world.holder(Duty.SECURITY_OFFICER, number=2)
        application = applied(first)
        approve(actor=second, application_id=application.pk)
        bound = collected(world.browser(first), application).bound
        report_loss(actor=first, certificate_id=bound.pk, reason="丢了")
        with pytest.raises(NotAllowed, match="另一位"):
            release_certificate(actor=first, certificate_id=bound.pk, reason="找到了")

    def test_a_reason_is_needed_and_one_that_is_nowhere_is_not_found(self, world: World, clerk: Account) -> None:
        bound = with_certificate(world, clerk).bound
        with pytest.raises(Invalid):
            report_loss(actor=officer(world), certificate_id=bound.pk, reason=" ")
        with pytest.raises(NotFound):
            report_loss(actor=officer(world), certificate_id=uuid.uuid4(), reason="丢了")

    def test_from_the_register(self, world: World, clerk: Account) -> None:
        bound = with_certificate(world, clerk).bound
        browser = world.browser(officer(world))
        assert clerk.name in browser.get("/person-certificates/register/?name=clerk-2").content.decode()
        assert clerk.username not in browser.get("/person-certificates/register/?name=zzz").content.decode()
        address = f"/person-certificates/{bound.pk}/"
        assert browser.post(f"{address}hold/", {"reason": ""}).status_code == 422
        assert browser.post(f"{address}hold/", {"reason": "丢了"}).headers["Location"] == address
        assert "已挂失" in browser.get(address).content.decode()
        assert world.browser(admin(world, "市卫生局")).get(address).status_code == 404
        assert world.browser(admin(world)).get(address).status_code == 200
        assert world.browser(admin(world)).post(f"{address}revoke/", {"reason": "x"}).status_code == 403
