"""The verification seal's own password at the print (J-34): whose it is, how often one may err, and what befell it."""

import uuid

import pytest

from support.at_once import at_once
from support.printing import WORDS, hold
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, Refused
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services import print_original as service
from yichuan.exchange.services.print_original import print_original
from yichuan.exchange.services.print_word import read_word
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.duties import Duty
from yichuan.org.models import Staff
from yichuan.seals.kinds import SealState
from yichuan.seals.models import Seal, VerificationSeal
from yichuan.seals.services import open_verification as opening
from yichuan.seals.services import shares
from yichuan.seals.services.open_verification import open_verification

UNIT = "市环保局"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretching takes its fifth of a second elsewhere."""
    monkeypatch.setattr(shares, "_stretched_quicker", lambda password, salt: sm3(password.encode() + salt)[:16])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is typeset: these tests are about who may have one."""
    monkeypatch.setattr(service, "original_files", lambda *_: b"%PDF-")


def _print(world: World, delivery: Delivery, password: str | None = WORDS) -> service.PrintFile:
    return print_original(actor=world.clerk[UNIT], delivery_id=delivery.pk, copies=1, password=password)


def _refusal(world: World, delivery: Delivery, password: str | None = WORDS) -> Refused:
    with pytest.raises(Refused) as refusal:
        _print(world, delivery, password)
    assert not PrintedCopy.objects.exists()
    return refusal.value


def test_the_seal_signs_which_copies_came_of_what_it_had_checked(world: World, drawn: None) -> None:
    delivery, kept = world.signed_for(UNIT), hold(world.units[UNIT], world.clerk[UNIT])
    _print(world, delivery)
    copy = PrintedCopy.objects.get()
    assert copy.verification == kept
    assert copy.verified is not None
    said = read_word(bytes(copy.verified), bytes(kept.certificate))
    assert said is not None
    document = delivery.dispatch.document
    assert (said["number"], said["digest_sm3"], said["print"]) == (document.number, document.body_digest, [1])
    assert said["delivery"] == str(delivery.pk)
    assert [each["name"] for each in said["seals"]] == ["江门市人民政府办公室"]
    assert "在用" in said["seals"][0]["stands"]
    assert set(said["checks"].values()) == {"ok"}
    altered = bytes(copy.verified).replace(b'"print":[1]', b'"print":[2]')
    assert read_word(altered, bytes(kept.certificate)) is None


def test_a_unit_without_a_verification_seal_prints_no_original_and_learns_how_to_get_one(world: World) -> None:
    refusal = _refusal(world, world.signed_for(UNIT))
    assert refusal.code == "no_verification_seal"
    assert "申请制作印章" in refusal.message
    assert "脱密下载" in refusal.message


def test_who_does_not_hold_it_learns_who_does_and_their_number(world: World) -> None:
    delivery, other = world.signed_for(UNIT), world.holder(Duty.CLERK, UNIT, 2)
    Staff.objects.filter(account=other).update(phone="0750-3321188")
    hold(world.units[UNIT], other)
    refusal = _refusal(world, delivery)
    assert refusal.code == "not_holder"
    assert other.name in refusal.message
    assert "0750-3321188" in refusal.message


def test_a_seal_that_nobody_took_over_says_where_to(world: World) -> None:
    hold(world.units[UNIT], world.clerk[UNIT])
    VerificationSeal.objects.update(taken_at=None)
    assert _refusal(world, world.signed_for(UNIT)).code == "not_taken"


def test_without_a_password_nothing_is_tried(world: World) -> None:
    delivery, kept = world.signed_for(UNIT), hold(world.units[UNIT], world.clerk[UNIT])
    for nothing in (None, ""):
        refusal = _refusal(world, delivery, nothing)
        assert isinstance(refusal, Invalid)
        assert refusal.field == "password"
    kept.refresh_from_db()
    assert (kept.failures, kept.tries) == (0, 0)


def test_wrong_passwords_are_on_record_without_the_words_and_lock_it_for_a_while(world: World, drawn: None) -> None:
    delivery, kept = world.signed_for(UNIT), hold(world.units[UNIT], world.clerk[UNIT])
    rules = profile.current().passwords
    for left in range(rules.failures - 1, 0, -1):
        refusal = _refusal(world, delivery, "Wrong-words-1")
        assert (refusal.code, refusal.field) == ("verification_wrong", "password")
        assert f"还可以试 {left} 次" in refusal.message
    assert _refusal(world, delivery, "Wrong-words-1").code == "verification_locked"
    assert _refusal(world, delivery).code == "verification_locked", "the right words came too late"
    entries = Entry.objects.filter(verb="seals.wrong_verification", subject_id=kept.pk)
    assert entries.count() == rules.failures
    assert not any("Wrong-words" in str(entry.detail) for entry in Entry.objects.all())
    with clock.fixed_at(clock.now() + rules.locked):
        assert _print(world, delivery).numbers == (1,)
    kept.refresh_from_db()
    assert (kept.failures, kept.tries, kept.locked_until) == (0, 0, None)


def test_the_right_words_forgive_the_wrong_ones(world: World) -> None:
    kept = hold(world.units[UNIT], world.clerk[UNIT])
    for _ in range(3):
        with pytest.raises(Refused):
            open_verification(kept, "Wrong-words-1")
        open_verification(kept, WORDS)
    kept.refresh_from_db()
    assert (kept.failures, kept.tries) == (0, 0)


def test_a_login_password_does_not_open_it(world: World) -> None:
    kept = hold(world.units[UNIT], world.clerk[UNIT])
    with pytest.raises(Refused) as refusal:
        open_verification(kept, "Right-words-1")
    assert "不是登录密码" in refusal.value.message


@pytest.mark.parametrize("befell", ["suspended", "revoked", "destroyed"])
def test_a_seal_that_something_befell_prints_nothing(world: World, befell: str) -> None:
    delivery, kept = world.signed_for(UNIT), hold(world.units[UNIT], world.clerk[UNIT])
    if befell == "revoked":
        IssuedCertificate.objects.filter(holder_id=kept.pk).update(state=CertificateState.REVOKED)
    else:
        state = SealState.SUSPENDED if befell == "suspended" else SealState.DESTROYED
        Seal.objects.filter(pk=kept.pk).update(state=state)
    codes = {"suspended": "verification_suspended", "revoked": "verification_certificate"}
    assert _refusal(world, delivery).code == codes.get(befell, "no_verification_seal")


def test_what_befalls_it_while_the_file_is_made_takes_the_print_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, kept = world.signed_for(UNIT), hold(world.units[UNIT], world.clerk[UNIT])

    def lost_meanwhile(*_: object) -> bytes:
        Seal.objects.filter(pk=kept.pk).update(state=SealState.SUSPENDED)
        return b"%PDF-"

    monkeypatch.setattr(service, "original_files", lost_meanwhile)
    with pytest.raises(Refused) as refusal:
        _print(world, delivery)
    assert refusal.value.code == "verification_suspended"
    delivery.refresh_from_db()
    assert (delivery.printed, delivery.received_at) == (0, None)


def test_a_try_whose_process_died_is_forgotten(world: World) -> None:
    kept = hold(world.units[UNIT], world.clerk[UNIT])
    VerificationSeal.objects.update(tries=profile.current().passwords.failures, tried_at=clock.now())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "TURNS", 1)
        patch.setattr(opening, "TURN_SECONDS", 0)
        with pytest.raises(Refused) as refusal:
            open_verification(kept, WORDS)
        assert refusal.value.code == "verification_busy"
    with clock.fixed_at(clock.now() + opening.FORGOTTEN_AFTER * 2):
        open_verification(kept, WORDS)


def test_many_wrong_words_at_once_are_no_more_than_one_after_the_other(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = hold(committed_world.units[UNIT], committed_world.clerk[UNIT])
    tried: list[str] = []
    real = shares.from_password

    def counted(sealed: bytes, password: str, context: str) -> bytes:
        tried.append(password)
        return real(sealed, password, context)

    monkeypatch.setattr(opening, "from_password", counted)

    def guess(_: int) -> None:
        open_verification(kept, "Wrong-words-1")

    raised = at_once(guess, 20)
    assert len(tried) == profile.current().passwords.failures
    assert {getattr(error, "code", error) for error in raised} == {"verification_wrong", "verification_locked"}


def test_the_form_keeps_the_number_of_copies_after_a_wrong_password(world: World) -> None:
    delivery, clerk = world.signed_for(UNIT, allowance=5), world.browser(world.clerk[UNIT])
    hold(world.units[UNIT], world.clerk[UNIT])
    said = {"copies": "4", "key": str(uuid.uuid4()), "password": "Wrong-words-1"}
    answer = clerk.post(f"/deliveries/{delivery.pk}/print/", said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="4"' in page
    assert "还可以试" in page
    assert "Wrong-words-1" not in page


def test_who_asks_first_learns_what_is_wrong_and_nothing_is_counted(world: World) -> None:
    """So that no window opens for a password that was mistyped."""
    delivery, clerk = world.signed_for(UNIT, allowance=2), world.browser(world.clerk[UNIT])
    kept = hold(world.units[UNIT], world.clerk[UNIT])
    first = {"X-Ask-First": "1", "HX-Request": "true"}
    for password, copies, status, words in (
        ("Wrong-words-1", "1", 422, "还可以试"), (WORDS, "3", 422, "剩余 2 份"), (WORDS, "2", 200, ""),
    ):  # fmt: skip
        said = {"copies": copies, "key": str(uuid.uuid4()), "password": password}
        answer = clerk.post(f"/deliveries/{delivery.pk}/print/", said, headers=first)
        assert (answer.status_code, words in answer.content.decode()) == (status, True)
        kept.refresh_from_db()
        assert kept.failures == (1 if password != WORDS else 0), "a wrong one counts as a try, also here"
    delivery.refresh_from_db()
    assert (delivery.printed, delivery.received_at, PrintedCopy.objects.count()) == (0, None, 0)


def test_the_page_tells_who_prints_before_anybody_types(world: World) -> None:
    delivery, other = world.signed_for(UNIT), world.holder(Duty.CLERK, UNIT, 2)
    hold(world.units[UNIT], other)
    page = world.browser(world.clerk[UNIT]).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert f"由{other.name}保管" in page
    assert 'name="password"' not in page
