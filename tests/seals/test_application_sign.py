"""The head's signature under an application (J-21): what was shown is what is signed."""

import pytest

from support.seal_life import Life
from yichuan.common.errors import NotAllowed, Refused
from yichuan.people.services.challenge import digest_of
from yichuan.seals.models import Imprint, Paper, SealApplication
from yichuan.seals.services.approve_application import approve_application
from yichuan.seals.services.propose import propose
from yichuan.seals.services.send_back_application import send_back_application
from yichuan.seals.services.sign_application import digest_to_sign, signature_holds


def test_the_signature_is_kept_with_its_text_and_certificate(life: Life) -> None:
    application = life.signed()
    assert application.state == "submitted"
    assert application.signed_by == life.leader
    assert application.digest == digest_to_sign(application)
    assert application.digest in application.signed_text and "签署印章申请" in application.signed_text
    assert bytes(application.signer_certificate or b"") == life.signer(life.leader).der
    assert signature_holds(application)
    assert application.steps.get(verb="sign").words == "同意。"


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"digest": digest_of("another text")}, "challenge_digest"),
        ({"action": "confirm"}, "challenge_action"),
        ({"signature": "00" * 70}, "signature_wrong"),
        ({"words": "字" * 401}, "invalid"),
    ],
    ids=["other content", "other action", "other key", "long words"],
)
def test_nothing_else_is_taken_for_it(life: Life, instead: dict[str, str], code: str) -> None:
    application = life.proposed()
    answer = life.sign(application, **instead)
    assert answer.json()["code"] == code
    application.refresh_from_db()
    assert (application.state, application.signature) == ("to_sign", None)


def test_the_certificate_is_the_heads_own(life: Life) -> None:
    application = life.proposed()
    answer = life.sign(application, certified=life.custodian)
    assert (answer.status_code, answer.json()["code"]) == (403, "other_person")


def test_only_a_head_of_the_unit_signs(life: Life) -> None:
    application = life.proposed()
    assert life.sign(application, by=life.custodian).status_code == 403
    assert life.sign(application, by=life.world.leader).status_code == 404
    application.refresh_from_db()
    assert application.state == "to_sign"


def test_what_changed_behind_its_back_is_not_approved(life: Life) -> None:
    for change in (
        lambda pk: SealApplication.objects.filter(pk=pk).update(words="另一种说法"),
        lambda pk: SealApplication.objects.filter(pk=pk).update(custodians=[]),
        lambda pk: Paper.objects.filter(application_id=pk).update(digest="0" * 64),
        lambda pk: Imprint.objects.filter(applications=pk).update(digest="0" * 64),
        lambda pk: SealApplication.objects.filter(pk=pk).update(signature=b"\x30\x00"),
    ):
        application = life.signed(papers=("other",))
        change(application.pk)
        with pytest.raises(Refused) as refusal:
            approve_application(actor=life.supervisor, application_id=application.pk, words="同意")
        assert refusal.value.code == "signature_void"
        page = life.world.browser(life.supervisor).get(f"/seals/applications/{application.pk}/").content.decode()
        assert "签字已经无效" in page
        SealApplication.objects.filter(pk=application.pk).update(state="withdrawn")


def test_sent_back_it_is_unsigned_and_signed_anew_under_the_same_number(life: Life) -> None:
    application = life.approved()
    number = application.number
    back = send_back_application(actor=life.operator, application_id=application.pk, words="印模缺一笔")
    assert (back.state, back.digest) == ("returned", "")
    assert back.signature is back.signed_by is back.approved_by is None
    again = propose(actor=life.custodian, application_id=application.pk)
    assert again.number == number
    assert life.sign(again).status_code == 200


def test_nobody_approves_what_they_asked_for_or_signed_themselves(life: Life) -> None:
    application = life.signed()
    application.steps.filter(verb="sign").update(by=life.supervisor)
    with pytest.raises(NotAllowed, match="另一位审批人"):
        approve_application(actor=life.supervisor, application_id=application.pk, words="同意")
