"""批量盖章: several documents under one seal, each on its own, and nothing said to be sealed that is not."""

import uuid
from urllib.parse import urlencode

import pytest

from support.carriers import on_carrier
from support.custody import Kept, kept
from support.pages import tags, words
from support.seals import small_ofd
from support.world import World, broken_device, small_gongwen
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services import seal_several as room
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.save import begin, save
from yichuan.compose.services.seal_lines import MOST_AT_ONCE, line_for, lines_for, seal_for_several
from yichuan.compose.services.seal_several import Outcome, ask_for_several, seal_several
from yichuan.compose.services.uploads import upload_body
from yichuan.compose.states import DocumentState
from yichuan.people.models import Account
from yichuan.seals.kinds import Cause, OpeningKind, OpeningState
from yichuan.seals.models import Opening, Seal, SealUse
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.move import move

OFFICE, HEALTH = "市府办公室", "市卫生局"


def _seal_of(world: World) -> Seal:
    return Seal.objects.get(unit=world.sender, under_password=False)


def _custodian(world: World) -> Account:
    return world.custodian[OFFICE]


def _seen(actor: Account, seal: Seal, *documents: Document) -> dict[uuid.UUID, str]:
    """What the page shows of these."""
    return {each.pk: line_for(actor=actor, seal=seal, document_id=each.pk).seen for each in documents}


def _sealed(world: World, *documents: Document) -> list[Outcome]:
    actor, seal = _custodian(world), _seal_of(world)
    return seal_several(actor=actor, seal_id=seal.pk, seen=_seen(actor, seal, *documents), computer="一号机")


def _joint(world: World, *names: str) -> Document:
    gongwen = small_gongwen(f"江府办〔2008〕{next(world._numbers)}号")
    gongwen |= {"issuers": [world.units[name].name for name in names]}
    fields = from_gongwen(gongwen, kind="通知")
    draft = begin(actor=world.sending_clerk, unit=world.sender, fields=fields, original=gongwen)
    return finish(actor=world.sending_clerk, document_id=draft.pk)


def _change(world: World, document: Document) -> None:
    reopen(actor=world.sending_clerk, document_id=document.pk)
    fields = read_content(document)[0] | {"body": "改过的正文。"}
    save(actor=world.sending_clerk, document_id=document.pk, fields=fields)
    finish(actor=world.sending_clerk, document_id=document.pk)


def _state(document: Document) -> str:
    return Document.objects.get(pk=document.pk).state


def test_each_is_sealed_in_a_use_of_its_own_where_its_typesetter_left_room(world: World) -> None:
    documents = [world.ready() for _ in range(3)]
    outcomes = _sealed(world, *documents)
    assert [(each.label, each.why) for each in outcomes] == [(each.number, "") for each in documents]
    assert {_state(each) for each in documents} == {DocumentState.SEALED}
    uses = {use.document_id: use for use in SealUse.objects.all()}
    assert len(uses) == 3
    for document in documents:
        use = uses[document.pk]
        assert (use.state, use.device) == ("done", "一号机")
        place = document.seal_places[0]
        assert use.places == [{"page": place["page"] + 1, "x": place["x"], "y": place["y"]}]


def test_one_that_fails_is_named_with_its_reason_and_stops_no_other(world: World) -> None:
    before, changed, after = (world.ready() for _ in range(3))
    actor, seal = _custodian(world), _seal_of(world)
    seen = _seen(actor, seal, before, changed, after)
    _change(world, changed)
    outcomes = seal_several(actor=actor, seal_id=seal.pk, seen=seen)
    assert [each.label for each in outcomes if not each.why] == [before.number, after.number]
    assert outcomes[1].why == room.CHANGED
    assert [_state(each) for each in (before, changed, after)] == ["sealed", "ready", "sealed"]


def test_a_device_that_does_not_answer_is_a_failure_of_each_on_record(world: World) -> None:
    documents = [world.ready(), world.ready()]
    with broken_device("sign"):
        outcomes = _sealed(world, *documents)
    assert all(each.why for each in outcomes)
    assert {_state(each) for each in documents} == {"ready"}
    assert set(SealUse.objects.values_list("state", flat=True)) == {"failed"}


def test_what_nobody_foresaw_hides_no_outcome_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, broken, last = (world.ready() for _ in range(3))
    sealing = room.seal_document

    def seal_document(**how: object) -> Document:
        if how["document_id"] == broken.pk:
            raise RuntimeError("disk")
        return sealing(**how)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "seal_document", seal_document)
    outcomes = _sealed(world, first, broken, last)
    assert [each.why for each in outcomes] == ["", room.UNEXPECTED, ""]
    assert str(broken.pk) in caplog.text


def test_a_document_of_another_unit_is_refused_like_one_that_is_not_there(world: World) -> None:
    gongwen = small_gongwen("江卫〔2008〕1号") | {"issuers": [world.units[HEALTH].name]}
    clerk, fields = world.clerk[HEALTH], from_gongwen(gongwen, kind="通知")
    theirs = begin(actor=clerk, unit=world.units[HEALTH], fields=fields, original=gongwen)
    theirs = finish(actor=clerk, document_id=theirs.pk)
    actor, own = _custodian(world), world.ready()
    nowhere = uuid.uuid4()
    seen = _seen(actor, _seal_of(world), own) | {theirs.pk: theirs.body_digest, nowhere: ""}
    outcomes = {each.document_id: each for each in seal_several(actor=actor, seal_id=_seal_of(world).pk, seen=seen)}
    assert outcomes[own.pk].why == ""
    assert outcomes[theirs.pk].why == outcomes[nowhere].why != ""
    assert outcomes[theirs.pk].label == outcomes[nowhere].label == "一件公文"
    assert _state(theirs) == "ready"


def test_what_was_sealed_before_is_not_sealed_again(world: World) -> None:
    sealed, waiting = world.sealed(), world.ready()
    outcomes = _sealed(world, sealed, waiting)
    assert ["已经盖过章" in outcomes[0].why, outcomes[1].why] == [True, ""]
    assert SealUse.objects.filter(document_id=sealed.pk).count() == 1


def test_a_draft_is_not_sealed(world: World) -> None:
    draft = world.draft()
    (outcome,) = _sealed(world, draft)
    assert "草稿" in outcome.why
    assert not SealUse.objects.exists()


def test_a_joint_document_out_of_turn_is_refused_and_in_turn_gets_its_own_place(world: World) -> None:
    with command():
        issue_seal(actor=None, unit=world.units[HEALTH], imprint=world.imprint)
    theirs_first, ours_first = _joint(world, HEALTH, OFFICE), _joint(world, OFFICE, HEALTH)
    outcomes = _sealed(world, theirs_first, ours_first)
    assert "现在轮到「" in outcomes[0].why
    assert outcomes[1].why == ""
    place = ours_first.seal_places[0]
    assert SealUse.objects.get().places == [{"page": place["page"] + 1, "x": place["x"], "y": place["y"]}]
    assert _state(ours_first) == "ready", "the other unit's seal is still wanted"


def test_a_document_without_a_place_is_sent_to_its_own_page(world: World) -> None:
    actor = world.sending_clerk
    undated = upload_body(actor=actor, document_id=world.draft().pk, name="成品.ofd", data=small_ofd())
    other = world.ready()
    outcomes = _sealed(world, undated, other)
    assert ["请打开单独盖" in outcomes[0].why, outcomes[1].why] == [True, ""]
    assert _state(undated) == "ready"


def test_nothing_ticked_and_too_many_are_said_before_anything_is_sealed(world: World) -> None:
    actor, seal = _custodian(world), _seal_of(world)
    with pytest.raises(Invalid, match="还没有勾选"):
        seal_several(actor=actor, seal_id=seal.pk, seen={})
    with pytest.raises(Invalid, match="一次最多盖 50 件，现在勾了 51 件"):
        seal_several(actor=actor, seal_id=seal.pk, seen={uuid.uuid4(): "" for _ in range(MOST_AT_ONCE + 1)})
    one = world.ready()
    assert len(lines_for(actor=actor, seal=seal, document_ids=[one.pk, one.pk])) == 1
    assert not SealUse.objects.exists()


def test_a_seal_that_is_not_theirs_or_not_usable_refuses_the_whole_batch(world: World) -> None:
    document = world.ready()
    with command():
        other = issue_seal(actor=None, unit=world.units[HEALTH], imprint=world.imprint)
    for seal_id in (other.pk, uuid.uuid4()):
        with pytest.raises(Invalid, match="本单位在用的印章"):
            seal_several(actor=_custodian(world), seal_id=seal_id, seen={document.pk: ""})
    own = _seal_of(world)
    with command():
        move(actor=None, seal=Seal.objects.select_for_update().get(pk=own.pk), verb="suspend", cause=Cause.LOSS)
    with pytest.raises(Refused, match="暂停使用") as refusal:
        seal_several(actor=_custodian(world), seal_id=own.pk, seen={document.pk: ""})
    assert refusal.value.code == "seal_suspended"
    assert not SealUse.objects.exists()


def test_a_seal_on_a_carrier_is_not_used_by_the_server(world: World) -> None:
    held = on_carrier(world.sender, world.imprint)
    with pytest.raises(Refused) as refusal:
        seal_several(actor=_custodian(world), seal_id=held.seal.pk, seen={world.ready().pk: ""})
    assert refusal.value.code == "on_carrier"


# --- a seal that several people keep ---


def _asked(office: Kept, *documents: Document) -> Opening:
    actor = office.people[0]
    return ask_for_several(actor=actor, seal_id=office.seal.pk, seen=_seen(actor, office.seal, *documents))


def _agree(office: Kept, opening: Opening) -> None:
    for number in (1, 2):
        answer = office.approve(opening, number)
        assert answer.status_code == 200, answer.content.decode()


def test_one_opening_for_all_seals_each_of_them_once(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=5)
    documents = [world.ready() for _ in range(3)]
    actor = office.people[0]
    seen = _seen(actor, office.seal, *documents)
    assert all("申请用印" in each.why for each in seal_several(actor=actor, seal_id=office.seal.pk, seen=seen))
    opening = _asked(office, *documents)
    assert (opening.kind, opening.uses_left) == (OpeningKind.COUNT, 3)
    assert [each["id"] for each in opening.subject["documents"]] == [str(each.pk) for each in documents]
    _agree(office, opening)
    outcomes = seal_several(actor=actor, seal_id=office.seal.pk, seen=seen)
    assert not any(each.why for each in outcomes)
    opening.refresh_from_db()
    assert (opening.state, opening.uses_left) == (OpeningState.CLOSED, 0)
    assert {use.opening_id for use in SealUse.objects.all()} == {opening.pk}


def test_what_changed_after_the_custodians_agreed_is_left_out_and_the_rest_is_sealed(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=5)
    kept_as_is, changed = world.ready(), world.ready()
    _agree(office, _asked(office, kept_as_is, changed))
    _change(world, changed)
    changed.refresh_from_db()
    actor = office.people[0]
    assert line_for(actor=actor, seal=office.seal, document_id=changed.pk).to_ask, "it is asked for anew"
    outcomes = seal_several(actor=actor, seal_id=office.seal.pk, seen=_seen(actor, office.seal, kept_as_is, changed))
    assert [bool(each.why) for each in outcomes] == [False, True]
    assert _state(changed) == "ready"


def test_an_opening_is_asked_for_all_or_for_none(world: World) -> None:
    sealed = world.sealed()
    office = kept(world, kind=OpeningKind.COUNT, limit=2)
    documents = [world.ready() for _ in range(3)]
    with pytest.raises(Invalid, match="一次最多申请 2 件"):
        _asked(office, *documents)
    with pytest.raises(Invalid, match=f"^{sealed.number}：已经盖过章"):
        _asked(office, documents[0], sealed)
    assert not Opening.objects.exists()


def test_a_seal_for_one_document_at_a_time_is_asked_for_one_and_not_for_two(world: World) -> None:
    office = kept(world, kind=OpeningKind.DOCUMENT)
    first, second = world.ready(), world.ready()
    with pytest.raises(Invalid, match="一次最多申请 1 件"):
        _asked(office, first, second)
    assert _asked(office, first).kind == OpeningKind.DOCUMENT


def test_who_does_not_keep_the_seal_cannot_use_it_for_many_either(world: World) -> None:
    office = kept(world)
    with pytest.raises(NotAllowed):
        seal_for_several(actor=_custodian(world), seal_id=office.seal.pk)


# --- the pages ---


def _address(seal: Seal, *documents: Document) -> str:
    asked = urlencode({"seal": seal.pk, "document": [each.pk for each in documents]}, doseq=True)
    return f"/seals/several/?{asked}"


def _fields(html: str) -> dict[str, list[str]]:
    hidden = [attrs for attrs in tags(html, "input") if attrs.get("name") in ("seal", "seen")]
    found: dict[str, list[str]] = {}
    for attrs in hidden:
        found.setdefault(str(attrs["name"]), []).append(str(attrs["value"]))
    return found


def test_the_list_lets_a_custodian_tick_and_leads_to_what_was_ticked(world: World) -> None:
    documents = [world.ready(), world.ready()]
    browser = world.browser(_custodian(world))
    html = browser.get("/seals/").content.decode()
    ticks = [attrs for attrs in tags(html, "input") if "data-tick" in attrs]
    assert {attrs["value"] for attrs in ticks} == {str(each.pk) for each in documents}
    assert {attrs["form"] for attrs in ticks} == {"batch"}
    page = browser.get(_address(_seal_of(world), *documents)).content.decode()
    for document in documents:
        assert str(document.number) in page and document.title in page and document.body_digest in page
    assert "给 2 件盖章" in words(page)


def test_the_page_seals_and_says_of_each_what_became_of_it(world: World) -> None:
    good, bad = world.ready(), world.ready()
    browser = world.browser(_custodian(world))
    here = _address(_seal_of(world), good, bad)
    fields = _fields(browser.get(here).content.decode())
    _change(world, bad)
    html = browser.post(here, fields).content.decode()
    assert "1 件盖好，1 件没有盖成" in words(html)
    assert f"{good.number} ：已盖章" in words(html) or f"{good.number}：已盖章" in words(html)
    assert room.CHANGED in html
    result = next(attrs for attrs in tags(html, "div") if attrs.get("id") == "batch-result")
    assert (result["class"], result["role"]) == ("yc-result", "alert"), "no green where one failed"
    ticked = [attrs["value"] for attrs in tags(html, "input") if "data-tick" in attrs and "checked" in attrs]
    assert ticked == [str(bad.pk)]
    again = browser.post(here, _fields(browser.get(_address(_seal_of(world), bad)).content.decode())).content.decode()
    assert "1 件全部盖好" in words(again)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("", 422, "请选择印章"),
        ("?seal={seal}", 422, "还没有勾选公文"),
        ("?seal={seal}&document=x", 422, "重新勾选"),
        ("?seal=00000000-0000-0000-0000-000000000000&document={seal}", 422, "本单位在用的印章"),
    ],
)
def test_a_batch_that_makes_no_sense_is_told_on_the_list(world: World, asked: str, status: int, said: str) -> None:
    browser = world.browser(_custodian(world))
    answer = browser.get(f"/seals/several/{asked.format(seal=_seal_of(world).pk)}")
    assert answer.status_code == status
    assert said in words(answer.content.decode())


def test_the_page_asks_once_shows_the_wait_and_then_seals(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=5)
    documents = [world.ready(), world.ready()]
    browser = world.browser(office.people[0])
    here = _address(office.seal, *documents)
    html = browser.get(here).content.decode()
    assert "为这 2 件申请用印" in words(html) and "件盖章 G" not in words(html)
    answer = browser.post(here, _fields(html) | {"ask": "1"})
    assert (answer.status_code, answer["Location"]) == (302, here)
    waiting = browser.get(here).content.decode()
    assert "等待同意" in words(waiting) and "申请用印" not in words(waiting) and not _fields(waiting)
    opening = Opening.objects.get()
    assert f"/seals/custody/openings/{opening.pk}/state/" in waiting
    assert "看这一批" in words(browser.get("/seals/").content.decode())
    _agree(office, opening)
    listed = browser.get("/seals/").content.decode()
    assert here in [str(attrs.get("href")).replace("&amp;", "&") for attrs in tags(listed, "a")]
    opened = browser.get(here).content.decode()
    assert "给 2 件盖章" in words(opened)
    assert "2 件全部盖好" in words(browser.post(here, _fields(opened)).content.decode())


@pytest.mark.parametrize(
    ("kind", "limit", "said"),
    [
        (OpeningKind.COUNT, 1, "一次最多申请 1 件"),
        (OpeningKind.PERIOD, 30, "按时间开启"),
        (OpeningKind.DOCUMENT, 1, "逐件打开"),
    ],
)
def test_more_than_the_unit_chose_is_said_in_place_of_the_button(
    world: World, kind: OpeningKind, limit: int, said: str
) -> None:
    office = kept(world, kind=kind, limit=limit)
    here = _address(office.seal, world.ready(), world.ready())
    html = world.browser(office.people[0]).get(here).content.decode()
    assert said in words(html)
    assert not [attrs for attrs in tags(html, "button") if attrs.get("name") == "ask"]


def test_a_carriers_rows_say_where_each_is_prepared_and_what_was_shown(world: World) -> None:
    ready, sealed = world.ready(), world.sealed()
    held = on_carrier(world.sender, world.imprint)
    html = world.browser(_custodian(world)).get(_address(held.seal, ready, sealed)).content.decode()
    (row,) = [attrs for attrs in tags(html, "tr") if "data-sealing" in attrs]
    assert row["data-prepare"] == f"/documents/{ready.pk}/seal/prepare/"
    assert (row["data-number"], row["data-title"], row["data-body"], row["data-attachments"]) == (
        ready.number, ready.title, ready.body_digest, "0",
    )  # fmt: skip
    assert "已经盖过章" in words(html)
    assert "给 1 件签名盖章" in words(html)
