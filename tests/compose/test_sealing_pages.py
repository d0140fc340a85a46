"""The placement page and the carrier's requests, as a browser sends them."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from support.carriers import CarrierSeal, on_carrier
from support.pages import tags
from support.personal import post
from support.world import World
from yichuan.common import clock
from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.compose.services.seal_places import suggested_places
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.places import Place

PLACES = json.dumps([{"page": 1, "x": 140, "y": 220}])


@pytest.fixture
def custodian(world: World) -> Client:
    return world.browser(world.custodian["市府办公室"])


@pytest.fixture
def held(world: World) -> CarrierSeal:
    return on_carrier(world.sender, world.imprint)


def _here(document: Document) -> str:
    return f"/documents/{document.pk}/seal/"


def _prepared(browser: Client, document: Document, held: CarrierSeal, **instead: str) -> Any:
    return post(browser, f"{_here(document)}prepare/", {"seal": str(held.seal.pk), "places": PLACES} | instead)


def _answer(held: CarrierSeal, prepared: Any, **instead: str) -> dict[str, str]:
    signature = held.key.sign(base64.b64decode(prepared["message"])).hex()
    certificate = base64.b64encode(held.certificate).decode()
    return {"use": prepared["use"], "certificate": certificate, "signature": signature} | instead


def test_a_carrier_seals_in_two_requests(world: World, custodian: Client, held: CarrierSeal) -> None:
    document = world.ready()
    prepared = _prepared(custodian, document, held).json()
    answer = post(custodian, f"{_here(document)}finish/", _answer(held, prepared))
    assert answer.json() == {"to": f"/documents/{document.pk}/"}
    document.refresh_from_db()
    assert (document.state, SealUse.objects.get().state) == ("sealed", "done")


def test_another_login_of_the_same_person_cannot_finish(world: World, custodian: Client, held: CarrierSeal) -> None:
    document = world.ready()
    prepared = _prepared(custodian, document, held).json()
    other = world.browser(world.custodian["市府办公室"])
    for verb, said in (("finish", _answer(held, prepared)), ("give-up", {"use": prepared["use"], "reason": "x"})):
        answer = post(other, f"{_here(document)}{verb}/", said)
        assert (answer.status_code, answer.json()["code"]) == (409, "use_session")
    assert SealUse.objects.get().state == "intent"


@pytest.mark.parametrize(
    "instead",
    [
        {"places": "["},
        {"places": "[" * 7000},
        {"places": "{}"},
        {"places": json.dumps([{"page": 1, "x": "nan", "y": 1}])},
        {"places": json.dumps([{"page": 9, "x": 140, "y": 220}])},
        {"places": ""},
        {"seal": "00000000-0000-0000-0000-000000000000"},
    ],
    ids=range(7),
)
def test_what_cannot_be_placed_is_not_prepared(
    world: World, custodian: Client, held: CarrierSeal, instead: dict[str, str]
) -> None:
    answer = _prepared(custodian, world.ready(), held, **instead)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not SealUse.objects.exists()


@pytest.mark.parametrize(
    "instead", [{"use": "x"}, {"certificate": "#"}, {"signature": "xyz"}, {"signature": "0" * 400}]
)
def test_what_is_no_answer_of_a_carrier_is_not_taken(
    world: World, custodian: Client, held: CarrierSeal, instead: dict[str, str]
) -> None:
    document = world.ready()
    prepared = _prepared(custodian, document, held).json()
    answer = post(custodian, f"{_here(document)}finish/", _answer(held, prepared, **instead))
    assert (answer.status_code, answer.json()["code"]) == (409, "bad_request")
    assert SealUse.objects.get().state == "intent"


def test_a_reason_that_hides_something_is_not_kept(world: World, custodian: Client, held: CarrierSeal) -> None:
    document = world.ready()
    prepared = _prepared(custodian, document, held).json()
    post(custodian, f"{_here(document)}give-up/", {"use": prepared["use"], "reason": "没有\u202e插"})
    assert SealUse.objects.get().reason == "没有签名"


def test_several_places_come_with_the_form(world: World, custodian: Client) -> None:
    document = world.ready()
    places = json.dumps([{"page": 1, "x": 140, "y": 220}, {"page": 1, "x": 60, "y": 100}])
    said = {"seal": str(Seal.objects.get().pk), "places": places}
    assert custodian.post(_here(document), said).headers["Location"] == f"/documents/{document.pk}/"
    assert SealUse.objects.get().places == json.loads(places)


def test_places_that_touch_are_refused_in_the_form_and_stay_on_it(world: World, custodian: Client) -> None:
    document = world.ready()
    places = json.dumps([{"page": 1, "x": 140, "y": 220}, {"page": 1, "x": 150, "y": 220}])
    answer = custodian.post(_here(document), {"seal": str(Seal.objects.get().pk), "places": places})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "碰在一起" in page
    assert '"x": 150.0' in page, "what was placed is placed again"
    assert not SealUse.objects.exists()


@pytest.mark.parametrize("places", ["[]", "[", "null", '[{"page": 1}]'])
def test_a_list_that_names_no_place_is_refused_in_the_form(world: World, custodian: Client, places: str) -> None:
    answer = custodian.post(_here(world.ready()), {"seal": str(Seal.objects.get().pk), "places": places})
    assert answer.status_code == 422
    assert not SealUse.objects.exists()


def test_the_imprint_is_drawn_for_the_units_own_seals_alone(world: World, custodian: Client) -> None:
    document, own = world.ready(), Seal.objects.get()
    drawn = custodian.get(f"{_here(document)}{own.pk}.svg")
    assert drawn["Content-Type"].startswith("image/svg+xml")
    assert b"data:image/png" in drawn.content
    other = on_carrier(world.units["市卫生局"], world.imprint).seal
    assert custodian.get(f"{_here(document)}{other.pk}.svg").status_code == 404


def test_a_suspended_seal_is_shown_and_cannot_be_chosen(world: World, custodian: Client, held: CarrierSeal) -> None:
    Seal.objects.filter(pk=held.seal.pk).update(suspended_at=clock.now())
    page = custodian.get(_here(world.ready())).content.decode()
    radios = {each["value"]: each for each in tags(page, "input") if each.get("name") == "seal"}
    assert "disabled" in radios[str(held.seal.pk)]
    assert "checked" in radios[str(Seal.objects.exclude(pk=held.seal.pk).get().pk)]
    assert "已暂停" in page


def test_an_uploaded_body_is_searched_for_its_date(world: World) -> None:
    typeset = world.ready()
    wanted = suggested_places(typeset)
    assert wanted == [Place(each["page"], each["x"], each["y"]) for each in typeset.seal_places]
    typeset.seal_places = []
    (found,) = suggested_places(typeset)
    assert found.page_index == wanted[0].page_index
    assert abs(found.x_mm - wanted[0].x_mm) < 1 and abs(found.y_mm - wanted[0].y_mm) < 1
    assert read_body(typeset)
