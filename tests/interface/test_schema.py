"""The interface keeps its own description, whatever is asked (schemathesis), and the page shows all of it."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from support.systems import System, problem_of, system_of
from support.world import World
from yichuan.compose.services.uploads import attach
from yichuan.compose.views.tus import PART
from yichuan.config.wsgi import application
from yichuan.exchange.services.ask_request import ask
from yichuan.interface.problems import PROBLEMS

EXAMPLES = 6
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def one_connection(system: System) -> Iterator[None]:
    """A request of the real WSGI application leaves the test's connection open. Set up after the
    token was asked for: Django's own test client connects these again each time."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def system(world: World) -> System:
    return system_of(world, "市府办公室")


def _things(world: World) -> dict[str, str]:
    """What there really is, by the names that addresses give it: half of the requests are about these."""
    draft = world.draft()
    attached = attach(actor=world.sending_clerk, document_id=draft.pk, name="表.csv", data=b"a,b")
    delivery = world.signed_for()
    request = ask(actor=world.clerk["市环保局"], delivery_id=delivery.pk, kind="resend", copies=0, reason="打不开")
    return {
        "document_id": str(draft.pk), "attachment_id": str(attached.pk), "dispatch_id": str(delivery.dispatch_id),
        "delivery_id": str(delivery.pk), "request_id": str(request.pk),
    }  # fmt: skip


@schemathesis.serializer(PART, "application/ofd")
def _bytes(_: Any, value: Any) -> bytes:
    """A part of an upload is its bytes."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


BOUNDED = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda each: each.value)
def test_it_answers_as_it_says_it_does(world: World, system: System, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    things = _things(world)
    walked = [_walk(found.ok(), system, things, mode) for found in described.get_all_operations()]
    assert sum(asked > 0 for asked in walked) > 25


def _walk(operation: Any, system: System, things: dict[str, str], mode: GenerationMode) -> int:
    """Ask one operation again and again, every second time about what there is; how often."""
    checks = [*CHECKS, *([negative_data_rejection] if mode is GenerationMode.NEGATIVE else [])]
    asked: list[int] = []

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers_as_described(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and len(asked) % 2:
            case.path_parameters = {name: things.get(name, each) for name, each in case.path_parameters.items()}
        response = case.call(headers={**system.headers, "Idempotency-Key": str(uuid.uuid4())})
        asked.append(response.status_code)
        case.validate_response(response, checks=checks)

    try:
        answers_as_described()
    except Unsatisfiable:  # there is nothing to send wrongly
        assert mode is GenerationMode.NEGATIVE
    return len(asked)


def test_the_page_shows_every_operation_and_every_code_and_fetches_nothing(system: System) -> None:
    answer = system.browser.get("/api/v1/docs")
    page = answer.content.decode()
    described = system.browser.get("/api/v1/openapi.json").json()
    for methods in described["paths"].values():
        for each in methods.values():
            assert f'id="{each["operationId"]}"' in page
    for code in PROBLEMS:
        assert f'id="{code}"' in page
    assert not re.search(r"""(src|href|action|srcset)\s*=\s*["']?\s*(https?:)?//|url\(""", page)
    assert "<script>" not in page


def test_the_description_is_whole(system: System) -> None:
    described = system.browser.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    used = str(described["paths"])
    for name in described["components"]["schemas"]:
        assert f"#/components/schemas/{name}" in used + str(described["components"]), name
    assert problem_of(system.browser.post("/api/v1/openapi.json")) == "method_not_allowed"
