"""证书台账: what the security officer sees of every certificate, and does with one."""

import pytest

from support.certificates import DAY, for_person, officer
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.ids import new_id
from yichuan.keys.models import IssuedCertificate, PublishedList
from yichuan.keys.selectors import chain_of
from yichuan.keys.services.authority import ISSUING, PRINT_CODES, ROOT
from yichuan.keys.services.manage import manage
from yichuan.keys.services.registry import row_of
from yichuan.keys.states import CertificateState, Use
from yichuan.org.duties import Duty
from yichuan.people.models import Account
from yichuan.seals.models import Seal


def listed(world: World, query: str = "") -> str:
    answer = world.browser(officer(world)).get(f"/certificates/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def act(world: World, row: IssuedCertificate, verb: str, **fields: str) -> tuple[int, str]:
    answer = world.browser(officer(world)).post(f"/certificates/{row.pk}/{verb}/", fields)
    row.refresh_from_db()
    return answer.status_code, answer.content.decode() if answer.status_code != 302 else answer["Location"]


def test_the_ledger_holds_every_certificate_and_the_lists(world: World) -> None:
    page = listed(world)
    for name in ("根证书", "签发证书", "打印码签名", "江门市人民政府办公室"):
        assert name in page
    assert page.count("的吊销列表") == 2
    assert "第 1 号" in page


def test_it_is_narrowed_by_state_use_and_holder(world: World) -> None:
    soon = for_person(world.clerk["市环保局"], lasts=5 * DAY)
    later = for_person(world.clerk["市建设局"])
    assert f"/certificates/{soon.pk}/" in listed(world, "?state=soon")
    assert "还有 4 天" in listed(world, "?state=soon")
    assert f"/certificates/{later.pk}/" not in listed(world, "?state=soon")
    assert f"/certificates/{later.pk}/" in listed(world, "?use=login")
    assert f"/certificates/{later.pk}/" not in listed(world, "?use=seal")
    for text in (later.holder_name, later.serial[:12].upper()):
        page = listed(world, f"?q={text}")
        assert f"/certificates/{later.pk}/" in page
        assert f"/certificates/{soon.pk}/" not in page
    assert "没有符合条件的证书" in listed(world, "?q=谁也不是")
    assert "已更新" in listed(world, "?state=nonsense&use=nonsense&page=x&q=%00")


def test_one_certificate_shows_its_chain_and_history(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    page = world.browser(officer(world)).get(f"/certificates/{row.pk}/").content.decode()
    for part in ("签发关系", "交换中心根证书", "在持有人的介质里", row.serial[:8].upper(), "签发证书"):
        assert part in page
    assert [each.label for each in chain_of(row)] == ["", ISSUING, ROOT]
    answer = world.browser(officer(world)).get(f"/certificates/{row.pk}/file/")
    assert answer.content == bytes(row.der)


def test_held_released_and_revoked_from_the_page(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    assert act(world, row, "hold", words="本人报告遗失") == (302, f"/certificates/{row.pk}/")
    assert row.state == CertificateState.HELD
    page = world.browser(officer(world)).get(f"/certificates/{row.pk}/").content.decode()
    assert "本人报告遗失" in page
    assert act(world, row, "release", words="找到了")[0] == 302
    assert row.state == CertificateState.VALID
    assert act(world, row, "revoke", words="调离", reason="affiliation_changed")[0] == 302
    assert (row.state, row.note) == (CertificateState.REVOKED, "调离")
    verbs = Entry.objects.filter(subject_id=row.pk).order_by("id").values_list("verb", "actor_name")
    assert [verb.split(".")[1].split("_")[0] for verb, _ in verbs] == ["issue", "hold", "release", "revoke"]
    assert verbs[1][1] == officer(world).name
    assert PublishedList.objects.filter(issuer=ISSUING, der=None).count() == 3


def test_what_is_missing_stands_beside_its_field(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    status, page = act(world, row, "revoke")
    assert status == 422
    for message in ("请选择吊销原因", "请写明情况"):
        assert message in page
    assert act(world, row, "revoke", reason="certificate_hold", words="x")[0] == 422
    assert act(world, row, "hold", words="看\u202e不见")[0] == 422
    assert act(world, row, "hold", words="长" * 101)[0] == 422
    assert row.state == CertificateState.VALID


def test_what_the_state_does_not_allow_is_refused(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    status, page = act(world, row, "release", words="找到了")
    assert status == 422
    assert "这张证书现在是「有效」" in page


def test_an_officer_does_not_release_their_own_certificate_here_either(world: World) -> None:
    row, other = for_person(officer(world)), world.holder(Duty.SECURITY_OFFICER, number=2)
    assert act(world, row, "hold", words="丢了")[0] == 302
    assert act(world, row, "release", words="找到了")[0] == 403
    assert row.state == CertificateState.HELD
    manage(actor=other, verb="release", certificate_id=row.pk, words="当面核实")
    row.refresh_from_db()
    assert row.state == CertificateState.VALID


def test_a_key_of_the_device_is_renewed_and_the_page_leads_to_the_new_certificate(world: World) -> None:
    row = row_of(PRINT_CODES)
    status, where = act(world, row, "renew")
    new = row_of(PRINT_CODES)
    assert (status, where, row.state) == (302, f"/certificates/{new.pk}/", CertificateState.SUPERSEDED)
    page = world.browser(officer(world)).get(f"/certificates/{row.pk}/").content.decode()
    assert "已经更新" in page
    assert f"/certificates/{new.pk}/" in page


@pytest.mark.parametrize(("label", "verb"), [(ROOT, "revoke"), (ISSUING, "renew"), ("seal", "renew")])
def test_what_cannot_be_done_here_is_neither_offered_nor_done(world: World, label: str, verb: str) -> None:
    row = row_of(Seal.objects.get().key_label if label == "seal" else label)
    page = world.browser(officer(world)).get(f"/certificates/{row.pk}/").content.decode()
    assert f"/certificates/{row.pk}/{verb}/" not in page
    assert act(world, row, verb, words="x", reason="key_compromise")[0] == 422
    assert row.state == CertificateState.VALID


def test_a_persons_key_is_not_renewed_here(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    with pytest.raises(Refused) as refusal:
        manage(actor=officer(world), verb="renew", certificate_id=row.pk)
    assert refusal.value.code == "key_elsewhere"


@pytest.mark.parametrize("duty", [Duty.SYSTEM_ADMIN, Duty.AUDITOR])
def test_only_the_security_officer_may(world: World, duty: Duty) -> None:
    row, other = for_person(world.clerk["市环保局"]), world.holder(duty)
    with pytest.raises(NotAllowed):
        manage(actor=other, verb="hold", certificate_id=row.pk, words="x")
    browser = world.browser(other)
    for path in ("", f"{row.pk}/", f"{row.pk}/file/", "trust/"):
        assert browser.get(f"/certificates/{path}").status_code == 403
    assert browser.post(f"/certificates/{row.pk}/hold/", {"words": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.state == CertificateState.VALID


def test_a_unit_permission_does_not_open_the_centres_register(world: World) -> None:
    """The same permission in a unit's own post is not the centre's."""
    clerk: Account = world.clerk["市环保局"]
    clerk.posts.update(permissions=["keys.manage_certificates"])
    with pytest.raises(NotAllowed):
        manage(actor=clerk, verb="hold", certificate_id=for_person(clerk).pk, words="x")


def test_a_get_of_a_verb_does_nothing(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    answer = world.browser(officer(world)).get(f"/certificates/{row.pk}/hold/")
    assert (answer.status_code, answer["Location"]) == (302, f"/certificates/{row.pk}/")
    assert world.browser(officer(world)).get(f"/certificates/{new_id()}/").status_code == 404


def test_all_faults_are_said_at_once(world: World) -> None:
    row = for_person(world.clerk["市环保局"], use=Use.UNIT)
    with pytest.raises(Invalid) as refusal:
        manage(actor=officer(world), verb="revoke", certificate_id=row.pk)
    assert set(refusal.value.errors) == {"reason", "words"}
