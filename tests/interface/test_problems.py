"""Errors are problems of one list, whoever made them: the service, the router, the parser, Django itself."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

import yichuan
from support.systems import API, System, problem_of, system_of
from support.world import World, broken_device
from yichuan.interface.problems import GENERAL, PROBLEMS, code_of
from yichuan.interface.services import tokens

SOURCE = Path(next(iter(yichuan.__path__)))
RAISED = (
    "Refused",
    "NotFound",
    "NotAllowed",
    "Unavailable",
    "SignedOut",
    "BadRequest",
    "KeyReused",
    "WrongContentType",
)

# Raised by services that pages and commands alone ask: what is printed, sealed on the page, noted by hand.
OF_PAGES = {
    "already_handed_back", "already_shown", "assigned_already", "beyond_allowance", "box_changed", "call_late",
    "cannot_seal", "carrier_other", "carrier_signature", "in_device", "no_certificate", "no_kept_box",
    "no_kept_document", "no_page", "no_place", "no_rule", "no_seal", "no_use", "not_in_a_batch", "not_prepared",
    "not_returned", "not_your_turn", "on_carrier", "print_interrupted", "printing", "request_over", "request_reused",
    "same_track", "seal_unfit", "sealed_already", "signed_out", "stale_form", "use_expired", "use_session",
    "use_settled", "not_sealed_here", "no_post", "notice_waits", "no_client", "client_cut", "no_scan",
    "verification_altered",
}  # fmt: skip


@pytest.fixture
def system(world: World) -> System:
    return system_of(world)


def _imported(start: set[Path]) -> set[Path]:
    """The modules of the rooms with documents that are reached from these, and these."""
    seen: set[Path] = set()
    while start - seen:
        path = (start - seen).pop()
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("yichuan."):
                base = SOURCE.joinpath(*node.module.split(".")[1:])
                found = [base.with_suffix(".py"), *(base / f"{each.name}.py" for each in node.names)]
                start |= {each for each in found if each.is_file() and each.relative_to(SOURCE).parts[0] in ROOMS}
    return seen


ROOMS = ("interface", "exchange", "compose", "common")


def _codes(path: Path) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in RAISED
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_code_that_a_service_of_the_interface_can_raise_is_in_the_list() -> None:
    modules = _imported(set((SOURCE / "interface" / "api").glob("*.py")))
    raised = {code for path in modules for code in _codes(path)}
    assert {"wrong_state", "no_delivery", "boxes_moving", "key_reused"} <= raised
    assert raised - set(PROBLEMS) - OF_PAGES == set()
    assert not OF_PAGES & set(PROBLEMS)


def test_a_code_that_is_not_in_the_list_is_told_by_its_status() -> None:
    for status, general in GENERAL.items():
        assert code_of("something_new", status) == general
        assert PROBLEMS[general].status == status
    assert code_of("something_new", 418) == "refused"
    assert code_of("wrong_state", 409) == "wrong_state"


def _json(system: System, body: bytes | str, content_type: str = "application/json") -> Any:
    headers = system.headers | {"Idempotency-Key": "one"}
    return system.browser.post(f"{API}/documents", body, content_type=content_type, headers=headers)


def test_broken_json_is_told_so(system: System) -> None:
    broken = (
        b"{", b"\xff\xfe", b'{"title": "a"', b'{"title": NaN}', b'{"title": "\\ud800"}', b'{"title": "\\u0000"}',
        b"[" * 100_000, b"1" * 5000,
    )  # fmt: skip
    for body in broken:
        answer = _json(system, body)
        assert (answer.status_code, problem_of(answer)) == (400, "not_json"), body[:40]


def test_json_of_another_shape_is_told_field_by_field(system: System) -> None:
    for body in (b"", b"null", b"[]", b'"x"', b"1", b'{"titel": "x"}', b'{"title": 1}', b"{}"):
        answer = _json(system, body)
        assert (answer.status_code, problem_of(answer)) == (422, "invalid"), body
        assert answer.json()["errors"]


def test_another_content_type_is_refused(system: System) -> None:
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        answer = _json(system, b'{"title": "x"}', kind)
        assert (answer.status_code, problem_of(answer)) == (415, "wrong_content_type")


def test_a_body_beyond_the_bound_is_refused_before_it_is_read(system: System) -> None:
    answer = _json(system, b'{"title": "' + b"x" * (9 * 2**20) + b'"}')
    assert (answer.status_code, problem_of(answer)) == (413, "too_large")
    multipart = system.browser.post(f"{API}/documents", b"x" * (9 * 2**20), "multipart/form-data; boundary=x")
    assert (multipart.status_code, problem_of(multipart)) == (413, "too_large")


def test_addresses_and_methods_that_are_not_there(system: System) -> None:
    assert problem_of(system.get("/nothing")) == "not_found"
    assert problem_of(system.get("/deliveries/not-an-id")) == "not_found"
    assert problem_of(system.get("/")) == "not_found"
    answer = system.browser.delete(f"{API}/me", headers=system.headers)
    assert (answer.status_code, problem_of(answer), answer.headers["Allow"]) == (405, "method_not_allowed", "GET")


def test_a_fault_of_ours_is_a_problem_too(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret particulars")

    monkeypatch.setattr(tokens, "digest", broken)
    browser = Browser(raise_request_exception=False)
    answer = browser.get(f"{API}/me", headers=system.headers)
    assert (answer.status_code, problem_of(answer)) == (500, "error")
    assert "secret" not in answer.content.decode()


def test_a_device_that_is_away_says_when_to_try_again(world: World, system: System) -> None:
    delivery = world.delivery()
    with broken_device():
        answer = system.get(f"/deliveries/{delivery.pk}/checks")
    assert (answer.status_code, problem_of(answer)) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_packages_with_missing_parts_are_refused_by_what_is_missing(world: World) -> None:
    """An OFD without its pages, an upload that is not whole, an upload that never was."""
    import io
    import zipfile

    system, path = system_of(world, "市府办公室"), f"/documents/{world.draft().pk}"
    hollow = io.BytesIO()
    with zipfile.ZipFile(hollow, "w") as package:
        package.writestr("OFD.xml", "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'/>")
    for where in ("body", "sealed-body"):
        for data in (hollow.getvalue(), hollow.getvalue()[:40], b"%PDF-1.4", b"x"):
            answer = system.send_file(f"{path}/{where}?name=文.ofd", data)
            assert (answer.status_code, problem_of(answer), set(answer.json()["errors"])) == (422, "invalid", {"file"})
    for upload in ("x", None, 7, "0193e0c4-7c1e-7b5a-9d55-3f0f6f1f6f10"):
        answer = system.post(f"{path}/attachments", {"upload": upload})
        assert problem_of(answer) in ("invalid", "no_upload")
    assert problem_of(system.post(f"{path}/attachments", {"other": "x"})) == "invalid"
    assert problem_of(system.post(f"{path}/attachments", ["upload"])) == "invalid"


def test_the_list_is_documented() -> None:
    written = (SOURCE.parents[1] / "docs" / "interface" / "README.md").read_text(encoding="utf-8")
    assert {code for code in PROBLEMS if f"| `{code}` | {PROBLEMS[code].status} |" in written} == set(PROBLEMS)


def test_what_is_told_is_utf8_for_people_to_read(system: System) -> None:
    body = system.get("/nothing").content
    assert "没有找到" in body.decode() and json.loads(body)["type"] == "/api/v1/docs#not_found"
