"""What an application for a seal may ask for (J-20, J-24): by itself, and as things stand in the centre."""

from dataclasses import replace
from typing import Any

import pytest

from support.seal_life import Life
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.org.models import Unit, UnitName
from yichuan.seals.models import SealApplication
from yichuan.seals.services.application_papers import detach
from yichuan.seals.services.begin_application import begin_application
from yichuan.seals.services.propose import propose
from yichuan.seals.services.report_loss import report_loss
from yichuan.seals.services.save_application import save_application
from yichuan.seals.wish import Keeper, cleaned, wish_of


def _fields(life: Life, matter: str = "make", **changed: Any) -> set[str]:
    """The fields that are refused."""
    with pytest.raises(Invalid) as refusal:
        life.draft(matter, **changed)
    assert not SealApplication.objects.exists()
    return set(refusal.value.errors)


def test_a_draft_keeps_what_was_asked_for(life: Life) -> None:
    wish = life.wish(words=" 新领印章 ")
    draft = begin_application(actor=life.custodian, unit=life.unit, wish=wish)
    kept = SealApplication.objects.get(pk=draft.pk)
    assert wish_of(kept) == replace(wish, words="新领印章")
    assert (kept.state, kept.number, kept.written_by) == ("draft", None, life.custodian)


def test_what_the_matter_has_no_place_for_is_left_out(life: Life) -> None:
    seal = life.seal()
    wish = cleaned(replace(life.wish(), matter="destroy", cause="expiry", seal_id=seal.pk))
    assert (wish.imprint_id, wish.carrier, wish.keepers, wish.verification_holder_id) == (None, "", (), None)
    assert cleaned(replace(life.wish(), seal_id=seal.pk)).seal_id is None
    assert cleaned(replace(life.wish(), opening_kind="period", opening_limit=60)).opening_kind == "document"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"matter": "steal"}, "matter"),
        ({"cause": "loss"}, "cause"),
        ({"imprint_id": None}, "imprint"),
        ({"attendant_id": None}, "attendant"),
        ({"carrier": "paper"}, "carrier"),
        ({"keepers": ()}, "keepers"),
        ({"verification_holder_id": None}, "verification_holder"),
        ({"words": "字" * 401}, "words"),
        ({"words": "印章\u200b"}, "words"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_missing_or_wrong_is_said_at_its_field(life: Life, changed: dict[str, Any], field: str) -> None:
    assert _fields(life, **changed) == {field}


def test_a_change_needs_the_seal_and_other_causes_need_words(life: Life) -> None:
    assert _fields(life, "change", cause="expiry") == {"seal"}
    assert _fields(life, "change", cause="other", seal_id=life.seal().pk) == {"words"}


def test_carrier_and_password_are_kept_by_two_different_people_or_both_by_one(life: Life) -> None:
    one, two = life.custodian.pk, life.second.pk
    assert cleaned(life.wish(keepers=(Keeper(one, "carrier"), Keeper(two, "password")))).quorum == 1
    for keepers in (
        (Keeper(one, "carrier"), Keeper(one, "password")),
        (Keeper(one, "carrier"),),
        (Keeper(one), Keeper(two)),
        (Keeper(one, "carrier"), Keeper(two, "carrier")),
    ):
        assert _fields(life, keepers=keepers) == {"keepers"}, keepers


def test_the_device_takes_k_of_n_custodians_up_to_five(life: Life) -> None:
    both = (Keeper(life.custodian.pk), Keeper(life.second.pk))
    asked = {"carrier": "device", "keepers": both, "quorum": 2}
    kept = cleaned(life.wish(**asked, opening_kind="count", opening_limit=20))
    assert (kept.quorum, kept.opening_kind, kept.opening_limit) == (2, "count", 20)
    assert _fields(life, **asked | {"quorum": 3}) == {"quorum"}
    assert _fields(life, **asked | {"quorum": 0}) == {"quorum"}
    assert _fields(life, **asked, opening_kind="period", opening_limit=481) == {"opening_limit"}
    assert _fields(life, **asked, opening_kind="count", opening_limit=1) == {"opening_limit"}
    assert _fields(life, **asked, opening_kind="for ever") == {"opening_kind"}
    assert _fields(life, **asked | {"keepers": (Keeper(life.custodian.pk, "carrier"), *both[1:])}) == {"keepers"}


def test_the_verification_seal_is_kept_by_another_post_than_the_signing_seal(life: Life) -> None:
    assert _fields(life, verification_holder_id=life.custodian.pk) == {"verification_holder"}
    assert _fields(life, verification_holder_id=life.leader.pk) == {"verification_holder"}


def test_everybody_named_holds_the_post_in_this_unit(life: Life) -> None:
    stranger = life.world.custodian["市府办公室"]
    assert _fields(life, keepers=(Keeper(stranger.pk),)) == {"keepers"}
    assert _fields(life, attendant_id=life.clerk.pk) == {"attendant"}
    assert _fields(life, attendant_id=life.unit.pk) == {"attendant"}


def test_the_imprint_is_the_own_units_approved_and_bears_a_name_of_today(life: Life) -> None:
    assert _fields(life, imprint_id=life.imprint(approved=False).pk) == {"imprint"}
    assert _fields(life, imprint_id=life.imprint(unit=life.world.units["市卫生局"]).pk) == {"imprint"}
    wish = life.wish()
    UnitName.objects.filter(unit=life.unit).update(valid_to=clock.now().date())
    with pytest.raises(Invalid) as refusal:
        begin_application(actor=life.custodian, unit=life.unit, wish=wish)
    assert set(refusal.value.errors) == {"imprint"}


def test_a_second_seal_of_the_same_name_is_a_change(life: Life) -> None:
    seal = life.seal()
    assert _fields(life) == {"imprint"}
    assert life.draft("change", cause="expiry", seal_id=seal.pk).seal == seal


def test_damage_and_loss_are_reported_first_and_certified_by_the_unit(life: Life) -> None:
    seal = life.seal()
    lost = {"cause": "loss", "seal_id": seal.pk}
    assert _fields(life, "change", **lost) == {"seal"}
    report_loss(actor=life.custodian, seal_id=seal.pk, cause="loss", lost_at=clock.now(), words="找不到")
    draft = life.draft("change", **lost)
    with pytest.raises(Invalid) as refusal:
        propose(actor=life.custodian, application_id=draft.pk)
    assert set(refusal.value.errors) == {"certificate"}
    life.add_paper(draft, "certificate")
    assert propose(actor=life.custodian, application_id=draft.pk).state == "to_sign"


def test_the_servers_device_is_a_choice_in_writing(life: Life) -> None:
    draft = life.draft(carrier="device", keepers=(Keeper(life.custodian.pk), Keeper(life.second.pk)), quorum=2)
    with pytest.raises(Invalid, match="密码设备托管意见"):
        propose(actor=life.custodian, application_id=draft.pk)
    life.add_paper(draft, "consent")
    assert propose(actor=life.custodian, application_id=draft.pk).state == "to_sign"


def test_only_one_application_at_a_time_for_a_seal_and_for_an_imprint(life: Life) -> None:
    imprint = life.imprint()
    life.proposed(imprint_id=imprint.pk)
    with pytest.raises(Invalid, match="这个印模已有一份申请在办"):
        life.proposed(imprint_id=imprint.pk)
    seal = life.seal()
    life.proposed("change", cause="expiry", seal_id=seal.pk)
    with pytest.raises(Invalid, match="这枚印章已有一份申请在办"):
        life.proposed("destroy", cause="expiry", seal_id=seal.pk)


def test_content_and_papers_change_only_in_the_units_hands(life: Life) -> None:
    application = life.draft(papers=("other",))
    changed = replace(wish_of(application), words="补充说明")
    saved = save_application(actor=life.custodian, application_id=application.pk, wish=changed)
    assert saved.words == "补充说明"
    other = replace(changed, matter="change", cause="expiry", seal_id=life.seal().pk)
    with pytest.raises(Refused) as refusal:
        save_application(actor=life.custodian, application_id=application.pk, wish=other)
    assert refusal.value.code == "other_matter"
    SealApplication.objects.update(state="to_sign")
    paper = application.papers.get()
    for act in (
        lambda: save_application(actor=life.custodian, application_id=application.pk, wish=changed),
        lambda: detach(actor=life.custodian, application_id=application.pk, paper_id=paper.pk),
        lambda: life.add_paper(application, "consent"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "wrong_state"


def test_a_closed_unit_applies_for_nothing(life: Life) -> None:
    Unit.objects.filter(pk=life.unit.pk).update(closed_at=clock.now())
    assert "unit" in _fields(life)


def test_another_units_custodian_writes_nothing_here(life: Life) -> None:
    wish = life.wish()
    with pytest.raises(NotAllowed):
        begin_application(actor=life.world.custodian["市府办公室"], unit=life.unit, wish=wish)
    with pytest.raises(NotAllowed):
        begin_application(actor=life.leader, unit=life.unit, wish=wish)
