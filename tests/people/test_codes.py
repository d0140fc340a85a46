"""One-time codes: taken once, around their time, bounded, recoverable, reset on record."""

from datetime import datetime, timedelta

import pyotp
import pytest
from django.db import connection

from support.certificates import officer
from support.devices import admin
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.org.duties import Duty
from yichuan.people.models import Account, OneTimeCodes, RecoveryCode
from yichuan.people.services.second_factor import has_codes
from yichuan.people.services.totp import begin_set_up, check_code, confirm_set_up, drop_codes, left, reset_codes

RULES = profile.load("jiangmen-2008").passwords


@pytest.fixture
def at() -> datetime:
    return clock.now()


@pytest.fixture
def clerk(world: World) -> Account:
    return world.sending_clerk


@pytest.fixture
def generator(clerk: Account, at: datetime) -> pyotp.TOTP:
    with clock.fixed_at(at - timedelta(minutes=5)):
        made = pyotp.TOTP(begin_set_up(clerk, limited=False))
        confirm_set_up(clerk, code=made.at(clock.now()), limited=False)
    return made


def refused(account: Account, code: str) -> str:
    with pytest.raises(Refused) as refusal:
        check_code(account, code)
    return refusal.value.code


def test_nothing_counts_before_a_code_was_typed(clerk: Account) -> None:
    secret = begin_set_up(clerk, limited=False)
    assert begin_set_up(clerk, limited=False) == secret, "the page may be loaded again"
    assert refused(clerk, pyotp.TOTP(secret).at(clock.now())) == "no_codes"
    with pytest.raises(Invalid):
        confirm_set_up(clerk, code="000000", limited=False)
    assert not RecoveryCode.objects.exists()


def test_a_code_counts_once(clerk: Account, generator: pyotp.TOTP, at: datetime) -> None:
    with clock.fixed_at(at):
        check_code(clerk, generator.at(at))
        assert refused(clerk, generator.at(at)) == "wrong_code"


def test_nor_does_an_older_one_after_a_newer(clerk: Account, generator: pyotp.TOTP, at: datetime) -> None:
    with clock.fixed_at(at):
        check_code(clerk, generator.at(at))
        assert refused(clerk, generator.at(at - timedelta(seconds=30))) == "wrong_code"


@pytest.mark.parametrize(("seconds", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_off_by_one_step(
    clerk: Account, generator: pyotp.TOTP, at: datetime, seconds: int, counts: bool
) -> None:
    with clock.fixed_at(at):
        code = generator.at(at + timedelta(seconds=seconds))
        if counts:
            check_code(clerk, code)
        else:
            assert refused(clerk, code) == "wrong_code"


def test_failures_lock_like_passwords(clerk: Account, generator: pyotp.TOTP, at: datetime) -> None:
    with clock.fixed_at(at):
        for _ in range(RULES.failures):
            assert refused(clerk, "000000") == "wrong_code"
        assert refused(clerk, generator.at(at)) == "codes_locked"
    later = at + RULES.locked + timedelta(seconds=1)
    with clock.fixed_at(later):
        check_code(clerk, generator.at(later))
    assert Entry.objects.filter(verb="people.wrong_code").count() == RULES.failures


def test_a_recovery_code_counts_once_however_it_is_typed(clerk: Account, at: datetime) -> None:
    secret = begin_set_up(clerk, limited=False)
    shown = confirm_set_up(clerk, code=pyotp.TOTP(secret).at(clock.now()), limited=False)
    assert len(set(shown)) == 10
    check_code(clerk, shown[0].lower().replace("-", " "))
    assert refused(clerk, shown[0]) == "wrong_code"
    assert left(clerk) == 9
    assert not set(RecoveryCode.objects.values_list("digest", flat=True)) & set(shown)


def test_the_secret_rests_encrypted(clerk: Account, generator: pyotp.TOTP) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM people_onetimecodes")
        assert generator.secret.encode() not in bytes(cursor.fetchone()[0])
    assert generator.secret not in str(list(Entry.objects.values()))


def test_doing_without_them_takes_a_code(clerk: Account, generator: pyotp.TOTP, at: datetime) -> None:
    with clock.fixed_at(at):
        with pytest.raises(Refused):
            drop_codes(clerk, code="000000")
        drop_codes(clerk, code=generator.at(at))
    assert not has_codes(clerk)
    assert begin_set_up(clerk, limited=False) != generator.secret, "logged in with all that is asked for, at any time"


def test_who_did_without_them_is_no_beginner_to_a_thief_of_the_password(
    clerk: Account, generator: pyotp.TOTP, at: datetime
) -> None:
    with clock.fixed_at(at):
        drop_codes(clerk, code=generator.at(at))
        with pytest.raises(NotAllowed):
            begin_set_up(clerk, limited=True)


def test_the_security_officer_resets_on_record_and_nobody_else(
    world: World, clerk: Account, generator: pyotp.TOTP, at: datetime
) -> None:
    for stranger in (admin(world), clerk, world.holder(Duty.AUDITOR), world.holder(Duty.SYSTEM_ADMIN)):
        with pytest.raises(NotAllowed):
            reset_codes(actor=stranger, account=clerk, reason="手机丢了")
    with pytest.raises(Invalid):
        reset_codes(actor=officer(world), account=clerk, reason="")
    reset_codes(actor=officer(world), account=clerk, reason="当面核实，手机丢了")
    assert Entry.objects.get(verb="people.reset_codes").detail["reason"] == "当面核实，手机丢了"
    assert refused(clerk, generator.at(at)) == "no_codes"
    assert left(clerk) == 0


def test_after_a_reset_a_new_secret_is_set_up_within_three_days(world: World, clerk: Account) -> None:
    begin_set_up(clerk, limited=False)
    reset_codes(actor=officer(world), account=clerk, reason="手机丢了")
    with clock.fixed_at(clock.now() + timedelta(days=4)), pytest.raises(NotAllowed):
        begin_set_up(clerk, limited=True)
    assert begin_set_up(clerk, limited=True)


def test_nobody_resets_their_own(world: World) -> None:
    with pytest.raises(NotAllowed, match="另一位"):
        reset_codes(actor=officer(world), account=officer(world), reason="手机丢了")


def test_from_the_page(world: World, clerk: Account) -> None:
    browser = world.browser(clerk)
    page = browser.get("/codes/")
    assert page.headers["Cache-Control"] == "no-store, private"
    assert "data:image/svg+xml" in page.content.decode()
    assert browser.post("/codes/confirm/", {"code": ""}).status_code == 422
    generator = pyotp.TOTP(str(OneTimeCodes.objects.get().secret))
    assert "恢复码只显示这一次" in browser.post("/codes/confirm/", {"code": generator.at(clock.now())}).content.decode()
    assert "还剩 10 个" in browser.get("/codes/").content.decode()
    assert browser.post("/codes/drop/", {"code": "000000"}).status_code == 422
    said = {"username": clerk.username, "reason": "手机丢了"}
    assert world.browser(officer(world)).post("/codes/reset/", said).status_code == 302
    assert "二维码" in browser.get("/codes/").content.decode()
