"""Requests that send a sealed body at once, as an office system writes them."""

import json
import uuid
from typing import Any

from support.carriers import CarrierSeal
from support.making import sealed_elsewhere
from support.seals import small_ofd
from support.systems import API, System

SAID = {"title": "关于调整水质监测断面的通知", "number": "江府办〔2008〕701号", "main": [{"unit": "市环保局"}]}


def sealed_letter(held: CarrierSeal, pages: int = 1) -> bytes:
    """A body that the carrier's seal signed, another one each time."""
    return sealed_elsewhere(held, small_ofd(pages, uuid.uuid4().hex))


def parts(boundary: str, *each: tuple[str, bytes]) -> bytes:
    """The body of a multipart request, each part with its head."""
    written = b"".join(b"--%b\r\n%b\r\n\r\n%b\r\n" % (boundary.encode(), head.encode(), data) for head, data in each)
    return written + b"--%b--\r\n" % boundary.encode()


def send_at_once(
    system: System, said: object, data: bytes | None, *, key: str = "", name: str = "文.ofd", boundary: str = "b0undary"
) -> Any:
    """The answer to one request with what is said and, where there is one, the file."""
    told = (
        'Content-Disposition: form-data; name="dispatch"\r\nContent-Type: application/json',
        json.dumps(said).encode(),
    )
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/ofd'
    return system.browser.generic(
        "POST",
        f"{API}/dispatches",
        parts(boundary, told, *([(head, data)] if data is not None else [])),
        content_type=f"multipart/form-data; boundary={boundary}",
        headers=system.headers | {"Idempotency-Key": key or str(uuid.uuid4())},
    )
