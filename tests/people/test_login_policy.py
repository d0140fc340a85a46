"""What each duty demands at the login, and who has not got it yet (等保三级, P6)."""

from dataclasses import replace

import pyotp
import pytest
from django.test import Client

from support.devices import admin
from support.personal import Signer, applied, code_of, log_in, signed_in, with_certificate
from support.world import PASSWORD, World
from yichuan.common import clock, profile
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.services.appoint import appoint
from yichuan.people.factors import Demand, Factor, enough
from yichuan.people.models import Account, CertificateApplication, OneTimeCodes, OpenSession
from yichuan.people.services.certificate_loss import report_loss
from yichuan.people.services.totp import begin_set_up, confirm_set_up

P, C, T = Factor.PASSWORD, Factor.CERTIFICATE, Factor.CODE


def by_password(account: Account, browser: Client | None = None) -> Client:
    browser = browser or Client()
    browser.post("/login/", {"username": account.username, "password": PASSWORD})
    return browser


def where(browser: Client) -> str:
    """Where the workbench leads somebody: itself, the login, the enrolment."""
    answer = browser.get("/")
    return answer.headers.get("Location", "").partition("?")[0] or answer.request["PATH_INFO"]


def demand(monkeypatch: pytest.MonkeyPatch, **duties: str) -> None:
    """The profile says so."""
    rules = profile.current()
    changed = replace(rules, login=rules.login | duties)
    monkeypatch.setattr(profile, "current", lambda: changed)


def set_up(account: Account) -> pyotp.TOTP:
    """One-time codes of the person, with a code of the minute before taken."""
    secret = begin_set_up(account, limited=False)
    generator = pyotp.TOTP(secret)
    confirm_set_up(account, code=generator.at(clock.now()), limited=False)
    OneTimeCodes.objects.filter(account=account).update(last_step=0)
    return generator


@pytest.mark.parametrize(
    ("demands", "proved", "does"),
    [
        ((Demand.EITHER,), {P}, True),
        ((Demand.EITHER,), {C}, True),
        ((Demand.EITHER,), {T}, False),
        ((Demand.PASSWORD,), {C}, False),
        ((Demand.CERTIFICATE,), {P, T}, False),
        ((Demand.BOTH,), {P}, False),
        ((Demand.BOTH,), {P, C}, True),
        ((Demand.SECOND,), {P}, False),
        ((Demand.SECOND,), {P, T}, True),
        ((Demand.SECOND,), {C}, True),
        ((Demand.EITHER, Demand.BOTH), {C}, False),
        ((Demand.PASSWORD, Demand.CERTIFICATE), {P, C}, True),
        ((Demand.SECOND, Demand.CERTIFICATE), {P, T}, False),
    ],
)
def test_the_strictest_holds(demands: tuple[Demand, ...], proved: set[Factor], does: bool) -> None:
    assert enough(demands, frozenset(proved)) is does


def test_a_password_does_for_a_clerk(world: World) -> None:
    assert where(by_password(world.sending_clerk)) == "/"


def test_an_administrator_with_a_password_alone_gets_to_the_enrolment_and_nowhere_else(world: World) -> None:
    for duty in (Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER, Duty.AUDITOR):
        browser = by_password(world.holder(duty))
        for address in ("/", "/nav/", "/devices/checks/", "/person-certificates/register/", "/logins/all/"):
            assert browser.get(address).headers["Location"] == "/enrol/", address
        assert browser.post("/codes/reset/", {"username": "clerk-1", "reason": "x"}).headers["Location"] == "/enrol/"
        for address in ("/enrol/", "/codes/", "/person-certificates/", "/person-certificates/apply/"):
            assert browser.get(address).status_code == 200, address
        assert browser.post("/logout/").status_code == 302


def test_on_the_way_to_a_second_proof_nobody_acts_for_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = world.clerk["市环保局"]
    application = applied(other)
    one = f"/person-certificates/applications/{application.pk}/"
    demand(monkeypatch, unit_admin="second")
    browser = by_password(admin(world))
    assert where(browser) == "/enrol/"
    for address in (one, f"{one}form/"):
        assert browser.get(address).status_code == 404, address
    assert browser.post(f"{one}withdraw/").status_code == 404
    assert CertificateApplication.objects.get(pk=application.pk).state == "applied"
    said = {"carrier": "key_file", "purpose": "登录系统办理收文", "undertaken": "on"}
    browser.post(f"/person-certificates/apply/?username={other.username}", said)
    assert CertificateApplication.objects.filter(account=other).count() == 1
    assert CertificateApplication.objects.filter(account=admin(world)).count() == 1, "it was their own"


def test_setting_up_codes_opens_the_rest_at_once(world: World) -> None:
    account = world.holder(Duty.AUDITOR)
    browser = by_password(account)
    browser.get("/codes/")
    secret = OneTimeCodes.objects.get(account=account).secret
    answer = browser.post("/codes/confirm/", {"code": pyotp.TOTP(str(secret)).at(clock.now())})
    assert answer.content.decode().count("-") >= 30, "the recovery codes"
    assert where(browser) == "/"


def test_a_secret_that_a_thief_of_the_password_saw_first_never_counts(world: World) -> None:
    account = world.holder(Duty.AUDITOR)
    thief = by_password(account)
    thief.get("/codes/")
    seen = str(OneTimeCodes.objects.get(account=account).secret)
    owner = by_password(account)
    owner.get("/codes/")
    own = str(OneTimeCodes.objects.get(account=account).secret)
    assert own != seen
    stranger = thief.post("/codes/confirm/", {"code": pyotp.TOTP(seen).at(clock.now())})
    assert stranger.status_code == 422, "what was begun in another session is void"
    owner.get("/codes/")
    own = str(OneTimeCodes.objects.get(account=account).secret)
    assert owner.post("/codes/confirm/", {"code": pyotp.TOTP(own).at(clock.now())}).status_code == 200
    assert OneTimeCodes.objects.get(account=account).secret == own


def test_then_the_login_asks_for_a_code_after_the_password(world: World) -> None:
    account = world.holder(Duty.AUDITOR)
    generator = set_up(account)
    browser = Client()
    said = {"username": account.username, "password": PASSWORD}
    assert browser.post("/login/?next=/logins/", said).headers["Location"] == "/login/second/?next=%2Flogins%2F"
    assert not signed_in(browser)
    second = "/login/second/?next=/logins/"
    assert browser.post(second, {"code": "000000"}).status_code == 422
    assert not signed_in(browser)
    assert browser.post(second, {"code": generator.at(clock.now())}).headers["Location"] == "/logins/"
    assert OpenSession.objects.get(account=account).method == "password_code"


def test_the_first_half_is_forgotten_after_five_minutes(world: World) -> None:
    account = world.holder(Duty.AUDITOR)
    set_up(account)
    browser = by_password(account)
    assert browser.get("/login/second/").status_code == 200
    with clock.fixed_at(clock.now().replace(year=clock.now().year + 1)):
        assert browser.get("/login/second/").headers["Location"] == "/login/"


def test_a_changed_password_forgets_it_too(world: World) -> None:
    account = world.holder(Duty.AUDITOR)
    set_up(account)
    browser = by_password(account)
    account.set_password("Other-words-2")
    account.save()
    assert browser.get("/login/second/").headers["Location"] == "/login/"


def test_a_certificate_alone_does_for_an_administrator(world: World) -> None:
    account = world.holder(Duty.AUDITOR)
    signer = with_certificate(world, account)
    browser = Client()
    assert log_in(browser, signer).status_code == 200
    assert where(browser) == "/"


class TestBoth:
    """A duty that demands password and certificate."""

    @pytest.fixture(autouse=True)
    def both(self, monkeypatch: pytest.MonkeyPatch) -> None:
        demand(monkeypatch, clerk="both")

    @pytest.fixture
    def signer(self, world: World) -> Signer:
        return with_certificate(world, world.sending_clerk)

    def test_the_certificate_after_the_password(self, world: World, signer: Signer) -> None:
        browser = by_password(world.sending_clerk)
        assert "用数字证书" in browser.get("/login/second/").content.decode()
        assert log_in(browser, signer).json() == {"to": "/"}
        assert OpenSession.objects.get(by_certificate__isnull=False).method == "both"

    def test_the_password_after_the_certificate(self, world: World, signer: Signer) -> None:
        browser = Client()
        assert log_in(browser, signer).json()["to"].startswith("/login/second/")
        assert not signed_in(browser)
        assert browser.post("/login/second/", {"password": "Wrong-words-1"}).status_code == 422
        assert browser.post("/login/second/", {"password": PASSWORD}).headers["Location"] == "/"
        session = OpenSession.objects.get(by_certificate__isnull=False)
        assert session.method == "both"
        report_loss(actor=world.holder(Duty.SECURITY_OFFICER, number=9), certificate_id=signer.bound.pk, reason="丢了")
        assert not signed_in(browser)

    def test_anothers_certificate_does_not_complete_this_ones_password(self, world: World, signer: Signer) -> None:
        other = with_certificate(world, world.clerk["市环保局"])
        browser = by_password(world.sending_clerk)
        assert log_in(browser, other).json()["to"].startswith("/login/second/")
        assert not signed_in(browser)

    def test_without_a_certificate_only_the_way_to_one_is_open(self, world: World) -> None:
        browser = by_password(world.sending_clerk)
        assert where(browser) == "/enrol/"
        assert "设置动态口令" not in browser.get("/enrol/").content.decode()
        assert "申请数字证书" in browser.get("/enrol/").content.decode()


def test_somebody_with_two_duties_obeys_the_stricter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    demand(monkeypatch, custodian="certificate")
    signer = with_certificate(world, world.sending_clerk)
    assert where(by_password(world.sending_clerk)) == "/"
    with command():
        appoint(actor=None, account=world.sending_clerk, unit=world.sender, duty=Duty.CUSTODIAN)
    browser = by_password(world.sending_clerk)
    assert not signed_in(browser)
    assert log_in(browser, signer).status_code == 200


def test_who_lost_the_certificate_cannot_set_up_codes_with_the_password_alone(world: World) -> None:
    account = world.holder(Duty.AUDITOR)
    signer = with_certificate(world, account)
    Client().post("/login/loss/", {"username": account.username, "password": PASSWORD, "reason": "丢了"})
    browser = by_password(account)
    assert where(browser) == "/enrol/"
    assert "请系统保密员核实" in browser.get("/codes/").content.decode()
    assert browser.post("/codes/confirm/", {"code": "123456"}).status_code == 422
    assert not OneTimeCodes.objects.exists()
    assert code_of(log_in(Client(), signer)) == "certificate_held"


def test_whoever_has_set_up_codes_is_asked_for_them_whatever_the_duty(world: World) -> None:
    set_up(world.sending_clerk)
    browser = by_password(world.sending_clerk)
    assert not signed_in(browser)
    assert browser.get("/login/second/").status_code == 200


def test_the_second_page_alone_leads_nowhere(world: World) -> None:
    assert Client().get("/login/second/").headers["Location"] == "/login/"
    assert Client().post("/login/second/", {"code": "123456"}).headers["Location"] == "/login/"
