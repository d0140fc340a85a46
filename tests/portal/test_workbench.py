"""工作台 and the frame around every page."""

import re
from typing import Any

import pytest
from django.test import Client

from support.access import parties
from support.world import World, broken_device, forget_caches
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import Filing
from yichuan.org.services.replace_auditor import agree, propose
from yichuan.people.models import Account
from yichuan.portal.entries import ENTRIES


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_finds_what_waits_for_them(world: World) -> None:
    draft, ready, sealed, delivery = world.draft(), world.ready(), world.sealed(), world.delivery("市环保局")
    clerk = _text(world.browser(world.sending_clerk).get("/"))
    custodian = _text(world.browser(world.custodian["市府办公室"]).get("/"))
    receiver = _text(world.browser(world.clerk["市环保局"]).get("/"))
    assert f"/documents/{draft.pk}/edit/" in clerk
    assert f"/documents/{sealed.pk}/send/" in clerk
    assert f"/documents/{ready.pk}/seal/" in custodian
    assert f"/documents/{draft.pk}/edit/" not in custodian
    assert f"/deliveries/{delivery.pk}/" in receiver
    assert f"/deliveries/{delivery.pk}/" not in clerk


def test_the_strip_says_what_arrived_and_is_quiet_after_it_was_signed_for(world: World) -> None:
    clerk = world.browser(world.clerk["市环保局"])
    quiet = _text(clerk.get("/arrive/"))
    delivery = world.delivery("市环保局")
    assert delivery.dispatch.document.number in _text(clerk.get("/arrive/"))
    assert clerk.post(f"/deliveries/{delivery.pk}/sign-for/").status_code == 302
    assert _text(clerk.get("/arrive/")) == quiet


@pytest.mark.parametrize("address", ["/", "/inbox/"])
def test_without_its_key_device_the_centre_says_so_in_its_own_frame(world: World, address: str) -> None:
    world.delivery("市环保局")
    clerk = world.browser(world.clerk["市环保局"])
    forget_caches()
    with broken_device("unwrap"):
        answer = clerk.get(address)
    assert answer.status_code == 503
    assert "密码设备不可用" in answer.content.decode()
    assert clerk.get(address).status_code == 200, "and works again with the device"


@pytest.mark.parametrize("address", ["/", "/nav/", "/arrive/"])
def test_somebody_without_a_post_is_told_whom_to_ask(world: World, address: str) -> None:
    Account.objects.create(username="nobody", name="无岗", must_change_password=False)
    answer = world.browser(Account.objects.get(username="nobody")).get(address)
    assert answer.status_code == 403
    assert "还没有岗位" in answer.content.decode()


def test_the_navigation_shows_only_what_the_posts_open(world: World) -> None:
    clerk = _text(world.browser(world.sending_clerk).get("/nav/"))
    custodian = _text(world.browser(world.custodian["市府办公室"]).get("/nav/"))
    assert "/inbox/" in clerk
    assert 'href="/seals/"' not in clerk
    assert "/seals/verification/" in clerk  # the verification seal is kept by another than who seals
    assert "/seals/" in custodian
    assert "/inbox/" not in custodian


@pytest.mark.parametrize("duty", sorted(ADMINISTRATORS))
def test_an_administrator_of_the_centre_has_a_workbench_without_documents(world: World, duty: str) -> None:
    world.delivery("市环保局")
    administrator = world.browser(world.holder(Duty(duty)))
    page, strip = _text(administrator.get("/")), _text(administrator.get("/arrive/"))
    assert "交换中心" in page and Duty(duty).label in page
    assert "/inbox/" not in page and "/documents/" not in page
    assert 'data-unsigned="0"' in strip or "data-unsigned" not in strip
    assert administrator.get("/inbox/").status_code == 403


def test_a_page_below_a_line_lights_that_line(world: World) -> None:
    administrator = world.holder(Duty.UNIT_ADMIN, "市环保局")
    page = _text(world.browser(administrator).get("/staff/new/"))
    assert re.findall(r'href="([^"]+)"\s+class="sub on"\s+aria-current="true"', page) == ["/staff/"]
    assert re.findall(r'href="([^"]+)"\s+class="sub on"\s+aria-current="page"', page) == []


def test_the_persons_own_pages_stand_in_the_menu_once_each(world: World) -> None:
    page = _text(world.browser(world.clerk["市环保局"]).get("/inbox/"))
    for address in ("/logins/", "/person-certificates/", "/codes/", "/password/"):
        assert page.count(f'href="{address}"') == 1


def test_who_looks_after_a_unit_finds_who_may_do_what_from_the_navigation(world: World) -> None:
    administrator = world.holder(Duty.UNIT_ADMIN, "市环保局")
    assert 'href="/access/who/"' in _text(world.browser(administrator).get("/staff/"))


def test_what_waits_is_counted_beside_the_page_where_it_is_done(world: World) -> None:
    centre = parties(world)
    supervisor = world.browser(centre.supervisor)
    centre.asked()
    filed = Filing.objects.filter(noted_at=None).count()
    assert filed and _counts(supervisor, "/filings/")["人员变更备案"] == filed
    assert _counts(world.browser(centre.auditor), "/access/review/")["权限变更审核"] == 1


def test_what_is_unsigned_is_counted_at_the_first_line_of_the_open_entry(world: World) -> None:
    world.delivery("市环保局")
    assert _counts(world.browser(world.clerk["市环保局"]), "/inbox/") == {"收文": 1}


def test_a_proposed_auditor_waits_for_both_who_must_agree(world: World) -> None:
    centre = parties(world)
    newcomer = centre.newcomer(unit=None)
    change = propose(actor=centre.system_admin, account_id=newcomer.pk, reason="轮换")
    for person in (centre.security_officer, centre.supervisor):
        browser = world.browser(person)
        assert "更换审计员" in _text(browser.get("/"))
        assert _counts(browser, "/access/auditor/")["更换审计员"] == 1
    agree(actor=centre.security_officer, change_id=change.pk)
    for person in (centre.security_officer, centre.system_admin):
        assert "更换审计员" not in _counts(world.browser(person), "/access/auditor/"), "nothing is left to say"


@pytest.mark.parametrize("duty", sorted(ADMINISTRATORS))
def test_who_receives_no_documents_is_not_promised_any(world: World, duty: str) -> None:
    page = _text(world.browser(world.holder(Duty(duty))).get("/"))
    assert "等你办理的事项会列在这里" in page
    assert "新公文" not in page and "逐件签收" not in page


def _counts(browser: Client, address: str) -> dict[str, int]:
    """The lines of the open entry that count something."""
    found = re.findall(r'class="sub[^>]*>\s*(\S+)\s*<span class="yc-n[^>]*>(\d+)</span>', _text(browser.get(address)))
    return {label: int(number) for label, number in found}


def test_a_refused_step_lights_the_line_it_belongs_to() -> None:
    lines = [child for entry in ENTRIES for child in entry.children]
    for step in ("changes:accept", "changes:approve", "org:propose_auditor", "keys:revoke"):
        assert [child.label for child in lines if child.stands_for(step)], step
