"""Application, review and issue of a personal certificate (G-25 to G-28)."""

import uuid
from typing import Any

import pytest

from support.certificates import accepted, officer, outside
from support.devices import admin, registered
from support.paper import said
from support.personal import (
    applied,
    approved,
    ask,
    code_of,
    collect,
    collected,
    post,
    with_certificate,
)
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.org.duties import Duty
from yichuan.people.models import Account, CertificateApplication, PersonCertificate
from yichuan.people.services.certificate_apply import apply_for_certificate, withdraw_application
from yichuan.people.services.certificate_review import approve, refuse
from yichuan.people.services.challenge import digest_of
from yichuan.people.states import ApplicationState, Carrier


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
