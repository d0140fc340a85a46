"""None of the three administrators reads a document or does another's work (P4, G-5 to G-9).

Each of them asks for every address of the product, with the identifiers of a real small centre. A new route is walked
by itself. Where its address takes an argument that is unknown here, the test fails and says what to add.
"""

import re
from datetime import timedelta
from typing import Any

import pytest

from support.access import Parties, parties
from support.changes import ADMINISTRATOR, SHARED
from support.devices import registered
from support.offices import an_office
from support.personal import applied, with_certificate
from support.requests import asked_for_prints, given_to_an_office
from support.routes import Route, routes
from support.world import BODY_SENTENCE, TITLE, World
from yichuan.audit.models import Entry
from yichuan.changes.content import Rename
from yichuan.changes.services.begin import begin
from yichuan.common import clock
from yichuan.common.permissions import PUBLIC, SIGNED_IN, Permission
from yichuan.compose.services.upload_parts import begin_upload
from yichuan.compose.services.uploads import attach
from yichuan.exchange.services.sign_for import sign_for
from yichuan.keys.models import IssuedCertificate
from yichuan.org.duties import ADMINISTRATORS, Duty, permissions_of
from yichuan.org.selectors import box_of
from yichuan.org.services.hand_over import propose
from yichuan.people.models import Account
from yichuan.seals.models import Ceremony, Seal, SealApplication

pytestmark = pytest.mark.usefixtures("nothing_counted")

DOCUMENT_ROOMS = ("compose", "exchange", "seals")
NO_DOCUMENT = {"exchange:calendar"}  # of a document room, but read by everybody: the working days
ROUTES = routes()
EACH = pytest.mark.parametrize("duty", sorted(ADMINISTRATORS))

# What an address may name without any such thing being there: its routes declare a permission, and who lacks it is
# refused before the thing is looked for.
NOTHING_THERE = {
    "alarm_id", "authority_id", "check_id", "imprint_id", "import_id", "sealing_id", "kind", "suffix", "number", "name",
    "question", "matter", "paper_id", "rules_id", "custodian_id", "opening_id",
    "size", "new_id", "notice_id", "item_id", "recipient_id", "group_id", "rule_id",
}  # fmt: skip

# Routes for everybody with a login that are nevertheless one administrator's work, when another's thing is named.
OWN_WORK = {
    ("people:certificate_application", Duty.SECURITY_OFFICER),
    ("people:certificate_form", Duty.SECURITY_OFFICER),
    ("org:hand_over", Duty.AUDITOR),
    ("org:hand_over_paper", Duty.AUDITOR),
}


def administrator(centre: Parties, duty: str) -> Account:
    people = {
        Duty.SYSTEM_ADMIN: centre.system_admin,
        Duty.SECURITY_OFFICER: centre.security_officer,
        Duty.AUDITOR: centre.auditor,
    }
    return people[Duty(duty)]


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


@pytest.fixture
def things(centre: Parties) -> dict[str, Any]:
    """Identifiers of what a centre at work holds, by the name an address gives them; `room:name` where rooms differ."""
    world = centre.world
    draft = world.draft()
    upload = begin_upload(actor=world.sending_clerk, unit=world.sender, name="表.csv", size=3)
    attached = attach(actor=world.sending_clerk, document_id=draft.pk, name="表.csv", data=b"a,b")
    dispatch = world.sent("市环保局", document=draft)
    delivery = dispatch.deliveries.get()
    sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    clerk, taker = world.clerk["市卫生局"], centre.newcomer("taker", unit="市卫生局")
    form = propose(actor=clerk, giver_id=clerk.pk, taker_id=taker.pk, post_ids=[clerk.posts.get().pk], reason="调离")
    renaming = Rename(name="江门市生态环境局", short_name="市生态环境局", **ADMINISTRATOR, **SHARED)
    signer = with_certificate(world, world.clerk["市建设局"])
    asked = SealApplication.objects.create(
        unit=world.sender, matter="make", cause="new", state="approved", written_by=world.custodian["市府办公室"],
        created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    ceremony = Ceremony.objects.create(
        number="HQ2026-0001", application=asked, state="gathering", opened_by=world.sending_clerk,
        opened_at=clock.now(), expires_at=clock.now() + timedelta(minutes=10),
        request={"attendant": {"account": str(world.custodian["市府办公室"].pk), "name": "李印"}},
    )  # fmt: skip
    return {
        "seal_id": Seal.objects.get().pk,
        "seals:application_id": asked.pk,
        "ceremony_id": ceremony.pk,
        "document_id": draft.pk,
        "attachment_id": attached.pk,
        "upload_id": upload.pk,
        "dispatch_id": dispatch.pk,
        "delivery_id": delivery.pk,
        "evidence:subject_id": delivery.pk,
        "audit:uid": Entry.objects.get(verb="exchange.send").uid,
        "exchange:request_id": asked_for_prints(world, delivery).pk,
        "assignment_id": given_to_an_office(world, delivery).pk,
        "page": 1,
        "account_id": world.clerk["市环保局"].pk,
        "unit_id": world.sender.pk,
        "office_id": an_office(world).pk,
        "box_id": box_of(world.sender.pk).pk,
        "post_id": world.clerk["市环保局"].posts.get().pk,
        "change_id": centre.asked().pk,
        "hand_over_id": form.pk,
        "device_id": registered(world, user=world.clerk["市环保局"]).pk,
        "people:application_id": applied(world.sending_clerk).pk,
        "people:certificate_id": signer.bound.pk,
        "keys:certificate_id": IssuedCertificate.objects.first().pk,
        "changes:application_id": begin(actor=centre.unit_admin, unit=centre.unit, content=renaming).pk,
    }


def address(route: Route, things: dict[str, Any]) -> str:
    """The route's address with the centre's own things in it."""
    space = route.name.partition(":")[0]
    values = {}
    for name in re.findall(r"<(?:\w+:)?(\w+)>", route.address):
        key = next((key for key in (f"{space}:{name}", name) if key in things), None)
        if key is None and name not in NOTHING_THERE:
            pytest.fail(
                f"{route.name} takes {name!r}, which this walk does not know. Make such a thing in the fixture `things`"
                f" and name it {name!r} (or '{space}:{name}'). Only if its routes all declare a permission, and none"
                " is open to everybody with a login, may the name go into NOTHING_THERE instead."
            )
        if key is not None:
            values[name] = things[key]
    return route.at(**values)


def ask(browser: Any, method: str, where: str) -> Any:
    return getattr(browser, method)(where)


@pytest.mark.one_database
@EACH
def test_every_address_of_documents_and_seals_is_closed(centre: Parties, things: dict[str, Any], duty: str) -> None:
    browser, asked = centre.world.browser(administrator(centre, duty)), 0
    before = Entry.objects.filter(verb__startswith="exchange.").count()
    for route in ROUTES:
        if route.name in NO_DOCUMENT:
            continue
        if route.name.partition(":")[0] in DOCUMENT_ROOMS and route.permission != PUBLIC:
            for method in route.methods:
                answer = ask(browser, method, address(route, things))
                assert answer.status_code in (403, 404), (route.name, method)
                assert TITLE not in answer.content.decode()
                asked += 1
    assert asked > 30
    assert Entry.objects.filter(verb__startswith="exchange.").count() == before


@pytest.mark.one_database
@EACH
def test_what_another_post_opens_is_refused(centre: Parties, things: dict[str, Any], duty: str) -> None:
    """The work of units, of the two parties, and of the two other administrators."""
    browser, opened, of_others = centre.world.browser(administrator(centre, duty)), permissions_of(duty), 0
    for route in ROUTES:
        if isinstance(route.permission, Permission) and route.permission not in opened:
            for method in route.methods:
                answer = ask(browser, method, address(route, things))
                assert answer.status_code == 403, (route.name, method)
                assert route.permission.label in answer.content.decode()
            of_others += any(route.permission in permissions_of(other) for other in ADMINISTRATORS)
    assert of_others > 3


@EACH
def test_what_the_own_post_opens_shows_no_document(centre: Parties, things: dict[str, Any], duty: str) -> None:
    browser, seen = centre.world.browser(administrator(centre, duty)), 0
    for route in ROUTES:
        open_to_them = route.permission == SIGNED_IN or route.permission in permissions_of(duty)
        if open_to_them and "get" in route.methods:
            answer = ask(browser, "get", address(route, things))
            assert answer.status_code < 500, route.name
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            for secret in (TITLE, BODY_SENTENCE):
                assert secret.encode() not in said, route.name
            seen += answer.status_code == 200
    assert seen > 5


@EACH
def test_things_of_others_are_closed_also_where_a_login_is_enough(
    centre: Parties, things: dict[str, Any], duty: str
) -> None:
    browser = centre.world.browser(administrator(centre, duty))
    for route in ROUTES:
        if route.permission == SIGNED_IN and "<" in route.address and (route.name, duty) not in OWN_WORK:
            for method in route.methods:
                answer = ask(browser, method, address(route, things))
                closed = (403, 404) if method == "get" else range(400, 500)
                assert answer.status_code in closed, (route.name, method)


def test_no_permission_but_the_shared_ones_belongs_to_two_administrators() -> None:
    """What two of the three may do is what each needs on their own account: the contact book, a new auditor."""
    shared = {"org.see_contacts", "org.replace_auditor", "org.see_access"}
    for one in ADMINISTRATORS:
        for other in ADMINISTRATORS - {one}:
            assert permissions_of(one) & permissions_of(other) <= shared
