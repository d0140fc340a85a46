"""The client of docs/interface: what it repeats, where it goes on after a cut, what it refuses."""

import base64
import importlib.util
import io
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from yichuan.interface.services.call_hooks import signature
from yichuan.lib.gm.sm2 import PrivateKey

DOCS = Path(__file__).resolve().parents[2] / "docs" / "interface"


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


kit, sm2 = _module("yichuan_client"), _module("sm2")
Answer = tuple[int, dict[str, str], bytes]


class Script:
    """A server of which each test says the answers; `asked` is what came, tokens apart."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answers: list[Answer | None] = []
        self.tokens = 0
        self.url = ""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    script = Script()
    monkeypatch.setattr(kit.time, "sleep", lambda _: None)

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.endswith("/token"):
                script.tokens += 1
                told = json.dumps({"access_token": f"t{script.tokens}", "expires_in": 900}).encode()
                answer: Answer | None = (200, {}, told)
            else:
                script.asked.append((self.command, self.path, dict(self.headers), body))
                answer = script.answers.pop(0)
            if answer is None:  # cut off
                self.close_connection = True
                return
            status, headers, told = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(told)

        do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = do_DELETE = _any

        def log_message(self, *_: object) -> None:
            """Tests say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=[0.05])
    thread.start()
    script.url = f"http://127.0.0.1:{http.server_port}/api/v1"
    yield script
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def centre(server: Script) -> Any:
    return kit.Centre(server.url, "id", "secret")


def _problem(status: int, code: str, **headers: str) -> Answer:
    return status, {"Content-Type": "application/problem+json", **headers}, json.dumps({"code": code}).encode()


def test_a_lost_answer_is_asked_for_again_under_the_same_key(server: Script, centre: Any) -> None:
    server.answers = [None, _problem(409, "in_progress", **{"Retry-After": "1"}), _problem(503, "unavailable")]
    server.answers += [(201, {}, b'{"id": 1}')]
    assert centre.post("/documents", {"title": "x"}) == {"id": 1}
    assert len({headers["Idempotency-Key"] for _, _, headers, _ in server.asked}) == 1
    assert len({body for *_, body in server.asked}) == 1 and len(server.asked) == 4


def test_what_is_refused_is_raised_at_once(server: Script, centre: Any) -> None:
    server.answers = [(422, {}, json.dumps({"code": "invalid", "detail": "改", "errors": {"title": "缺"}}).encode())]
    with pytest.raises(kit.Problem) as raised:
        centre.post("/documents", {})
    found = raised.value
    assert (found.status, found.code, found.detail, found.errors) == (422, "invalid", "改", {"title": "缺"})
    server.answers = [(502, {}, b"<html>")]  # of a proxy on the way
    with pytest.raises(kit.Problem) as raised:
        centre.get("/me")
    assert raised.value.status == 502


def test_a_centre_that_is_away_is_told_so(server: Script, centre: Any) -> None:
    server.answers = [None] * 5
    with pytest.raises(kit.Unreachable):
        centre.get("/me")
    assert len(server.asked) == 5


def test_a_token_that_ended_is_renewed_also_where_an_answer_has_no_body(server: Script, centre: Any) -> None:
    server.answers = [_problem(401, "invalid_token"), (200, {"Upload-Offset": "3"}, b"")]
    assert centre.upload("a.csv", io.BytesIO(b"a,b"), begun="u") == "u"
    assert [headers["Authorization"] for *_, headers, _ in server.asked] == ["Bearer t1", "Bearer t2"]


def test_a_redirect_gets_neither_token_nor_request(server: Script, centre: Any) -> None:
    server.answers = [(302, {"Location": "http://127.0.0.1:1/"}, b"")]
    with pytest.raises(kit.Problem) as raised:
        centre.get("/me")
    assert raised.value.status == 302
    with pytest.raises(ValueError, match="not https"):
        kit.Centre("http://centre.example/api/v1", "id", "secret")


def test_an_upload_goes_on_where_the_centre_is_after_a_cut(server: Script, centre: Any) -> None:
    at = lambda place: {"Upload-Offset": str(place)}  # noqa: E731 - a line a test
    server.answers = [
        (201, {"Location": "/api/v1/uploads/u1/"}, b""), (200, at(0), b""), (204, at(4), b""), None, (200, at(6), b""),
        (204, at(10), b""),
    ]  # fmt: skip
    kept: list[str] = []
    assert centre.upload("表.csv", io.BytesIO(b"0123456789"), part=4, keep=kept.append) == "u1" == kept[0]
    parts = [(headers["Upload-Offset"], body) for method, _, headers, body in server.asked if method == "PATCH"]
    assert parts == [("0", b"0123"), ("4", b"4567"), ("6", b"6789")]
    named = server.asked[0][2]["Upload-Metadata"].partition(" ")[2]
    assert base64.b64decode(named).decode() == "表.csv"


def test_an_upload_that_is_cut_again_and_again_ends_as_every_other_call(server: Script, centre: Any) -> None:
    server.answers = [(200, {"Upload-Offset": "3"}, b""), None] * 5
    with pytest.raises(kit.Unreachable, match=r"a\.csv, 3 of 6 bytes"):
        centre.upload("a.csv", io.BytesIO(b"a,b,c\n"), begun="u")
    assert len(server.asked) == 10, "each time it was asked how far the centre is"


def test_the_box_is_read_to_its_end_and_the_cursor_kept(server: Script, centre: Any) -> None:
    pages = [{"items": [{"id": 1}], "next": "a", "more": True}, {"items": [{"id": 2}], "next": "b", "more": False}]
    server.answers = [(200, {}, json.dumps(each).encode()) for each in pages]
    assert [each["id"] for each in centre.box("z")] == [1, 2]
    assert centre.cursor == "b"
    assert [path.partition("?")[2] for _, path, *_ in server.asked] == ["since=z", "since=a"]


def test_a_call_counts_if_it_is_the_centres_and_of_now() -> None:
    body = b'{"id": "1", "kind": "arrival"}'
    headers = {"yichuan-timestamp": "1000", "Yichuan-Signature": signature("secret", "1000", body)}
    assert kit.check_call("secret", headers, body, now=1200.0)["kind"] == "arrival"
    for secret, said, when in (("other", body, 1000), ("secret", body + b" ", 1000), ("secret", body, 1301)):
        with pytest.raises(kit.NotGenuine):
            kit.check_call(secret, headers, said, now=float(when))
    for missing in ({}, {"Yichuan-Signature": "sm3="}, {"Yichuan-Signature": "é"}):
        with pytest.raises(kit.NotGenuine):
            kit.check_call("secret", missing, body, now=1000.0)


def test_a_receipt_verifies_by_its_key_alone() -> None:
    key = PrivateKey.generate()
    text = "签收 2008-06-25"
    receipt = {
        "payload": text,
        "signature": base64.b64encode(key.sign(text.encode())).decode(),
        "public_key": base64.b64encode(key.public.der).decode(),
    }
    other = base64.b64encode(PrivateKey.generate().public.der).decode()
    assert sm2.verifies(receipt)
    torn = base64.b64encode(base64.b64decode(receipt["signature"])[:-1]).decode()
    for wrong in ({"payload": text + " "}, {"public_key": other}, {"signature": None}, {"signature": torn}):
        assert not sm2.verifies(receipt | wrong), wrong
