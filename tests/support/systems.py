"""Office systems for tests: registered, with a token, asking the interface through Django's client."""

import base64
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client as Browser

from support.routes import Operation
from support.world import World
from yichuan.interface.api.base import KEY
from yichuan.interface.api.site import schema
from yichuan.interface.models import Client
from yichuan.interface.services.register_client import register_client
from yichuan.org.models import Office

API = "/api/v1"
SENT = {
    "reason": "x", "answer": "x", "kind": "resend", "title": "x", "main": [{"unit": "市卫生局"}],
    "copies": 1, "url": "https://oa.example.gov.cn/x",
    "deliveries": [str(uuid.UUID(int=0))],
}  # fmt: skip


def basic(name: object, secret: str) -> dict[str, str]:
    """The header that names a client."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def ask_token(client: Client, secret: str, browser: Browser | None = None) -> Any:
    """The answer to a request for a token."""
    return (browser or Browser()).post(
        f"{API}/token",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers=basic(client.pk, secret),
    )


@dataclass
class System:
    """One office system: `get`, `post` with a key of its own each time, and what came back as JSON."""

    client: Client
    secret: str
    token: str = ""
    browser: Browser = field(default_factory=Browser)

    def fresh(self) -> "System":
        """With a token."""
        self.token = ask_token(self.client, self.secret, self.browser).json()["access_token"]
        return self

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.get(API + path, query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        """JSON, under this key or a new one."""
        return self.browser.post(
            API + path,
            json.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers=self.headers | {"Idempotency-Key": key or str(uuid.uuid4())} | headers,
        )

    def put(self, path: str, body: Any) -> Any:
        return self.browser.put(API + path, json.dumps(body), content_type="application/json", headers=self.headers)

    def send_file(self, path: str, data: bytes, *, key: str = "") -> Any:
        """The bytes themselves."""
        return self.browser.post(
            API + path,
            data,
            content_type="application/octet-stream",
            headers=self.headers | {"Idempotency-Key": key or str(uuid.uuid4())},
        )


def system_of(world: World, unit: str = "市环保局", *, office: Office | None = None, name: str = "办公系统") -> System:
    """A registered system of a unit, with a token."""
    client, secret = register_client(actor=None, name=name, unit=world.units[unit], office=office)
    return System(client, secret).fresh()


def ask_for(operation: Operation, browser: Browser, address: str, **headers: str) -> Any:
    """The operation with a body that it can read, as far as its fields are known."""
    name = operation.name.partition(":")[2]
    described = next(
        each for methods in schema()["paths"].values() for each in methods.values() if each["operationId"] == name
    )
    content = described.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "application/json")
    body: Any = b"a,b"
    if kind == "application/json":
        reference = content.get(kind, {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        known = schema()["components"]["schemas"].get(reference, {}).get("properties", {})
        sent = SENT | ({"kind": "通知"} if "title" in known else {})
        body = json.dumps({field: value for field, value in sent.items() if field in known})
    [method] = operation.methods
    return browser.generic(
        method, address, body, content_type=kind, headers={KEY: str(uuid.uuid4()), "Upload-Offset": "0"} | headers
    )


def problem_of(answer: Any) -> str:
    """The code of a problem, of which every error is one."""
    assert answer.headers["Content-Type"] == "application/problem+json", (answer.status_code, answer.content[:300])
    body = answer.json()
    assert body["status"] == answer.status_code and body["type"].endswith(f"#{body['code']}")
    return str(body["code"])
