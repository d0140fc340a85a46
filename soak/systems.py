"""An office system as a centre knows it: the client that office systems are given, and the joined requests."""

from __future__ import annotations

import importlib.util
import io
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

CLIENT = Path(__file__).resolve().parents[1] / "docs" / "interface" / "yichuan_client.py"


def _client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("yichuan_client", CLIENT)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{CLIENT} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


client = _client()


class System(client.Centre):  # type: ignore[misc, name-defined]
    """One client of one unit. Not for several threads at once."""

    def send_sealed(self, said: dict[str, Any], data: bytes, *, key: str) -> Any:
        """A sealed OFD made a document of and sent, in one request."""
        boundary = uuid.uuid4().hex
        parts = (
            ('name="dispatch"', "application/json", json.dumps(said).encode()),
            ('name="file"; filename="body.ofd"', "application/ofd", data),
        )
        body = b"".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {name}\r\nContent-Type: {media}\r\n\r\n".encode()
            + content + b"\r\n"
            for name, media, content in parts
        )  # fmt: skip
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": key}
        return self._json("POST", "/dispatches", body + f"--{boundary}--\r\n".encode(), headers)

    def upload_on(self, name: str, data: bytes, *, part: int, begun: str, keep: Callable[[str], object]) -> None:
        """`upload` from where it was cut off. Raises `Unreachable` where it is to be tried again."""
        try:
            self.upload(name, io.BytesIO(data), part=part, begun=begun, keep=keep)
        except client.Problem as problem:
            if problem.code != "upload_offset":  # the part whose answer was lost had arrived after all
                raise
            raise client.Unreachable(f"upload of {name}: {problem}") from problem

    def taken_in(self, deliveries: Sequence[str], *, key: str) -> dict[str, Wrong | None]:
        """Several deliveries checked, signed for and read in one request: by delivery None where it is received and its
        body and two signed receipts came, else what is wrong."""
        return {item["id"]: _wrong_with(item, body) for item, body in self.take_in(deliveries, key=key)}


@dataclass(frozen=True)
class Wrong:
    """Why one of several is not received; `code` where the centre refused it."""

    said: str
    code: str = ""


UNTOLD = Wrong("not answered for")


def _wrong_with(item: dict[str, Any], body: bytes) -> Wrong | None:
    if problem := item["problem"]:
        return Wrong(f"{problem['code']}: {problem['detail']}", problem["code"])
    if item["delivery"]["state"] != "received" or not body:
        return Wrong(f"{item['delivery']['state']}, with a body of {len(body)} bytes")
    return None if len(item["receipts"]) == 2 else Wrong(f"{len(item['receipts'])} receipts")
