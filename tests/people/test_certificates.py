"""Application, review, issue, renewal, loss and revocation of a personal certificate (G-25 to G-28)."""

import base64
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from support.certificates import accepted, officer, outside
from support.devices import admin, registered
from support.paper import said
from support.personal import (
    Signer,
    applied,
    approved,
    ask,
    code_of,
    collect,
    collected,
    log_in,
    post,
    signed_in,
    with_certificate,
)
from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.keys.selectors import crls
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.org.duties import Duty
from yichuan.people.models import Account, CertificateApplication, PersonCertificate
from yichuan.people.services.certificate_apply import apply_for_certificate, withdraw_application
from yichuan.people.services.certificate_collect import RENEWED_FROM
from yichuan.people.services.certificate_loss import release_certificate, report_loss, revoke_certificate
from yichuan.people.services.certificate_review import approve, refuse
from yichuan.people.services.challenge import digest_of
from yichuan.people.states import ApplicationState, Carrier

NEAR_THE_END = timedelta(days=2 * 365) - RENEWED_FROM + timedelta(days=1)


@pytest.fixture
def clerk(world: World) -> Account:
    return world.clerk["市环保局"]


class TestApplying:
    def test_a_person_applies_and_it_waits(self, clerk: Account) -> None:
        application = applied(clerk)
        assert application.state == ApplicationState.APPLIED
        assert Entry.objects.get(verb="people.apply_for_certificate").actor_id == clerk.pk

    def test_the_units_administrator_applies_for_somebody_of_the_unit(self, world: World, clerk: Account) -> None:
        said: dict[str, Any] = {"carrier": Carrier.USB_KEY, "purpose": "收文", "undertaken": True}
        application = apply_for_certificate(actor=admin(world), account=clerk, **said)
        assert application.applied_by == admin(world)
        for stranger in (admin(world, "市卫生局"), world.clerk["市卫生局"], officer(world)):
            with pytest.raises(NotAllowed):
                apply_for_certificate(actor=stranger, account=world.clerk["市建设局"], **said)

    @pytest.mark.parametrize(
        ("field", "how"),
        [
            ("undertaken", {"undertaken": False}),
            ("purpose", {"purpose": " "}),
            ("purpose", {"purpose": "长" * 201}),
            ("purpose", {"purpose": "收\u202e文"}),
            ("carrier", {"carrier": "paper"}),
            ("devices", {"device_ids": [uuid.uuid4()]}),
            ("offered", {"carrier": Carrier.EXTERNAL}),
            ("offered", {"carrier": Carrier.EXTERNAL, "offered": b"junk"}),
            ("offered", {"carrier": Carrier.EXTERNAL, "offered": b"-----BEGIN CERTIFICATE-----\nx"}),
        ],
    )
    def test_what_is_at_fault_is_named(self, clerk: Account, field: str, how: dict[str, Any]) -> None:
        with pytest.raises(Invalid) as refusal:
            applied(clerk, **how)
        assert list(refusal.value.errors) == [field]
        assert not CertificateApplication.objects.exists()

    def test_devices_are_ones_own(self, world: World, clerk: Account) -> None:
        other = registered(world, "市卫生局", number="WS-1")
        with pytest.raises(Invalid):
            applied(clerk, device_ids=[other.pk])
        own = registered(world)
        assert list(applied(clerk, device_ids=[own.pk]).devices.all()) == [own]

    def test_one_application_at_a_time(self, clerk: Account) -> None:
        first = applied(clerk)
        with pytest.raises(Refused, match="已有一份"):
            applied(clerk)
        withdraw_application(actor=clerk, application_id=first.pk)
        assert applied(clerk).pk != first.pk

    def test_a_certificate_from_outside_must_be_good_and_new(self, world: World, clerk: Account) -> None:
        found = outside()
        pem = found.person.certificate.to_pem()
        with pytest.raises(Invalid, match="信任名单"):
            applied(clerk, Carrier.EXTERNAL, offered=pem)
        accepted(world, found)
        approve(actor=officer(world), application_id=applied(clerk, Carrier.EXTERNAL, offered=pem).pk)
        with pytest.raises(Invalid, match="登记过"):
            applied(world.clerk["市卫生局"], Carrier.EXTERNAL, offered=pem)
        own = with_certificate(world, world.clerk["市建设局"])
        with pytest.raises(Invalid, match="不用登记"):
            applied(world.clerk["市卫生局"], Carrier.EXTERNAL, offered=own.der)

    def test_the_form_can_be_printed(self, world: World, clerk: Account) -> None:
        application = approved(world, clerk)
        answer = world.browser(clerk).get(f"/person-certificates/applications/{application.pk}/form/")
        text = said(answer.content)
        for words in ("个人用户数字证书申请表", clerk.name, "浏览器密钥文件", "不转借他人", "不由他人代用"):
            assert words in text.replace("也不由", "不由")

    def test_from_the_page(self, world: World, clerk: Account) -> None:
        browser = world.browser(clerk)
        assert (
            browser.post("/person-certificates/apply/", {"carrier": "key_file", "purpose": "收文"}).status_code == 422
        )
        said = {"carrier": "key_file", "purpose": "收文", "undertaken": "on"}
        answer = browser.post("/person-certificates/apply/", said)
        assert browser.get(answer.headers["Location"]).status_code == 200
        assert browser.get("/person-certificates/").status_code == 200
        assert browser.get("/person-certificates/apply/?username=clerk-1").status_code == 403
        assert (
            world.browser(admin(world)).get(f"/person-certificates/apply/?username={clerk.username}").status_code == 200
        )

    def test_an_account_that_there_is_not_is_said_beside_its_field(self, world: World) -> None:
        browser = world.browser(admin(world))
        answer = browser.get("/person-certificates/apply/?username=nobody9", follow=True)
        page = answer.content.decode()
        assert answer.redirect_chain == [("/person-certificates/register/?whose=nobody9", 302)]
        assert "没有这个账号" in page and 'value="nobody9"' in page


class TestReviewing:
    def test_nobody_reviews_their_own(self, world: World) -> None:
        mine = applied(officer(world))
        with pytest.raises(NotAllowed, match="自己"):
            approve(actor=officer(world), application_id=mine.pk)
        other = world.holder(Duty.SECURITY_OFFICER, number=2)
        assert approve(actor=other, application_id=mine.pk).state == ApplicationState.APPROVED

    def test_only_the_security_officer_reviews(self, world: World, clerk: Account) -> None:
        application = applied(clerk)
        for stranger in (admin(world), clerk, world.holder(Duty.SYSTEM_ADMIN), world.holder(Duty.AUDITOR)):
            with pytest.raises(NotAllowed):
                approve(actor=stranger, application_id=application.pk)
            page = world.browser(stranger).post(f"/person-certificates/applications/{application.pk}/approve/")
            assert page.status_code == 403

    def test_a_refusal_says_why(self, world: World, clerk: Account) -> None:
        application = applied(clerk)
        browser = world.browser(officer(world))
        address = f"/person-certificates/applications/{application.pk}/refuse/"
        assert browser.post(address, {"reason": ""}).status_code == 422
        assert browser.post(address, {"reason": "没有单位盖章"}).status_code == 302
        assert "没有单位盖章" in world.browser(clerk).get(address.replace("refuse/", "")).content.decode()
        with pytest.raises(Refused, match="未通过"):
            approve(actor=officer(world), application_id=application.pk)

    def test_others_do_not_see_it(self, world: World, clerk: Account) -> None:
        application = applied(clerk)
        for stranger in (world.clerk["市卫生局"], admin(world, "市卫生局"), world.holder(Duty.AUDITOR)):
            page = world.browser(stranger).get(f"/person-certificates/applications/{application.pk}/")
            assert page.status_code == 404
        for known in (clerk, admin(world), officer(world)):
            assert world.browser(known).get(f"/person-certificates/applications/{application.pk}/").status_code == 200


class TestCollecting:
    def test_the_certificate_names_person_account_and_unit(self, world: World, clerk: Account) -> None:
        signer = with_certificate(world, clerk)
        subject = signer.bound.certificate.subject
        assert (subject.common_name, subject.organizational_unit) == (clerk.name, clerk.username)
        assert subject.organization == world.units["市环保局"].name
        assert signer.bound.certificate.public_key == signer.key.public
        assert CertificateApplication.objects.get().state == ApplicationState.ISSUED

    def test_only_what_was_approved_and_only_once(self, world: World, clerk: Account) -> None:
        application, browser = applied(clerk), world.browser(clerk)
        assert code_of(collect(browser, application, PrivateKey.generate())) == "wrong_state"
        approve(actor=officer(world), application_id=application.pk)
        collected(browser, application)
        assert code_of(collect(browser, application, PrivateKey.generate())) == "wrong_state"
        assert PersonCertificate.objects.count() == 1

    def test_only_by_the_person(self, world: World, clerk: Account) -> None:
        application = approved(world, clerk)
        for stranger in (admin(world), officer(world)):
            assert code_of(collect(world.browser(stranger), application, PrivateKey.generate())) == "no_application"

    def test_the_other_half_must_be_at_hand(self, world: World, clerk: Account) -> None:
        application, browser = approved(world, clerk), world.browser(clerk)
        own, other = PrivateKey.generate(), PrivateKey.generate()
        point = other.public.point.hex()
        assert code_of(collect(browser, application, own, public_key=point)) == "challenge_digest"
        challenge = ask(browser, "collect", digest_of(str(application.pk), point))
        said = {
            "challenge": challenge["id"],
            "public_key": point,
            "signature": own.sign(challenge["text"].encode()).hex(),
        }
        address = f"/person-certificates/applications/{application.pk}/collect/answer/"
        assert code_of(post(browser, address, said)) == "signature_wrong"
        assert not PersonCertificate.objects.exists()

    @pytest.mark.parametrize("point", ["", "zz", "04" + "00" * 64, "00"])
    def test_a_point_that_is_none(self, world: World, clerk: Account, point: str) -> None:
        application, browser = approved(world, clerk), world.browser(clerk)
        challenge = ask(browser, "collect", digest_of(str(application.pk), point))
        said = {"challenge": challenge["id"], "public_key": point, "signature": "00"}
        address = f"/person-certificates/applications/{application.pk}/collect/answer/"
        assert code_of(post(browser, address, said)) == "public_key"

    def test_a_key_is_certified_once(self, world: World, clerk: Account) -> None:
        signer = with_certificate(world, clerk)
        again = approved(world, world.clerk["市卫生局"])
        assert code_of(collect(world.browser(world.clerk["市卫生局"]), again, signer.key)) == "key_taken"


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


def test_every_list_of_applications_is_the_ones_own(world: World, clerk: Account) -> None:
    applied(clerk)
    applied(world.clerk["市卫生局"])
    all_of_them = world.browser(officer(world)).get("/person-certificates/applications/").content.decode()
    own = world.browser(admin(world)).get("/person-certificates/applications/?state=applied").content.decode()
    assert "clerk-1" in all_of_them and "clerk-2" in all_of_them
    assert "clerk-1" not in own and "clerk-2" in own


def test_refusing_needs_its_table(world: World, clerk: Account) -> None:
    application = approved(world, clerk)
    with pytest.raises(Refused, match="待领取"):
        refuse(actor=officer(world), application_id=application.pk, opinion="不行")
