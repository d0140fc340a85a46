"""Sending in one request what the office system has sealed itself (J-29 to J-31)."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from ninja import Router
from ninja.errors import ValidationError
from pydantic import Field
from pydantic import ValidationError as NotValid

from yichuan.common.errors import Invalid
from yichuan.compose.permissions import ComposePermission as May
from yichuan.compose.services.upload_parts import read_upload
from yichuan.exchange.services.send_sealed import send_sealed
from yichuan.interface.api.base import BadRequest, WrongContentType, client_of, named_by_key, operation, read_json
from yichuan.interface.api.dispatches import DispatchOut, tracked
from yichuan.interface.api.documents import DraftIn
from yichuan.interface.api.files import UPLOADS
from yichuan.interface.api.sending import SendIn, wished
from yichuan.lib.gm.sm3 import sm3

router = Router(tags=["发送跟踪 Dispatches"])
MULTIPART, JSON, OFD = "multipart/form-data", "application/json", "application/ofd"
LONGEST_NAME = 200


class SealedIn(DraftIn, SendIn):
    """The fields of a draft, of which `title` and `number` are wanted, and whom it goes to."""

    number: str = Field(max_length=2000, examples=["江环〔2008〕50号"])
    upload: uuid.UUID | None = Field(None, description="a finished upload, in place of the part `file`")


@dataclass(frozen=True)
class _Asked:
    """One request as it was read: what it says, and the file beside it with its SM3 in hex; "" for an upload's."""

    given: SealedIn
    name: str = ""
    data: bytes = b""
    digest: str = ""

    def tells_apart(self) -> bytes:
        """The same for the same request, whatever boundary stands between its parts."""
        return b"\0".join(
            (self.given.model_dump_json(by_alias=True).encode(), self.name.encode(), self.digest.encode())
        )


def _asked(request: HttpRequest) -> _Asked:
    """The request, read once. Raises BadRequest, WrongContentType, `Invalid` on `file`, ninja's ValidationError."""
    if not hasattr(request, "sealed_asked"):
        request.sealed_asked = _read(request)  # type: ignore[attr-defined]
    found: _Asked = request.sealed_asked  # type: ignore[attr-defined]
    return found


def _read(request: HttpRequest) -> _Asked:
    if request.content_type == JSON:
        said, file = request.body, None
    elif request.content_type == MULTIPART:
        said, file = _parts(request)
    else:
        raise WrongContentType("wrong_content_type", f"内容类型应是 {MULTIPART}，或者 {JSON}（上传编号）。")
    try:
        given = SealedIn.model_validate(read_json(said))
    except NotValid as error:
        raise ValidationError([dict(each) for each in error.errors(include_url=False)]) from error
    if (file is None) == (given.upload is None):
        raise Invalid({"file": "请给出盖好章的 OFD：放在 file 这一部分，或者写上传的编号 upload，只用一种。"})
    if file is None:
        return _Asked(given)
    data = file.read()
    return _Asked(given, (file.name or "")[:LONGEST_NAME], data, sm3(data).hex())


def _file(request: HttpRequest, asked: _Asked) -> tuple[str, bytes, str]:
    """Name, bytes and SM3 of the file."""
    if asked.given.upload is None:
        return asked.name, asked.data, asked.digest
    most = settings.YICHUAN_UPLOAD_LIMIT
    name, data = read_upload(actor=client_of(request).account, upload_id=asked.given.upload, most=most)
    return name, data, sm3(data).hex()


def _parts(request: HttpRequest) -> tuple[bytes, Any]:
    """What the part `dispatch` says, sent as a field or as a file, and the part `file`, None where there is none."""
    try:
        said, files = request.POST.get("dispatch"), request.FILES
    except (MultiPartParserError, SuspiciousOperation) as error:
        if isinstance(error, RequestDataTooBig):
            raise
        raise BadRequest("bad_request", "请求的各个部分读不出来，请检查分隔符和各部分的名称。") from error
    file = files.get("dispatch")
    return (said.encode() if said is not None else file.read() if file is not None else b""), files.get("file")


_TAKES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["dispatch", "file"],
                    "properties": {
                        "dispatch": {"$ref": "#/components/schemas/SealedIn"},
                        "file": {"type": "string", "format": "binary"},
                    },
                },
                "encoding": {"dispatch": {"contentType": JSON}, "file": {"contentType": OFD}},
            },
            JSON: {"schema": {"$ref": "#/components/schemas/SealedIn"}},
        },
    }
}


@operation(
    router, "POST", "/dispatches", permission=May.SEND, answer=DispatchOut, status=201, key=True,
    asked=lambda request: _asked(request).tells_apart(), extra=_TAKES,
    codes=(*UPLOADS, "bad_request", "not_json", "wrong_content_type", "too_large", "no_box", "unit_changed", "joint",
    "refused", "seal_withdrawn", "urgency", "boxes_moving", "clock_back"),
    summary="一次发送已盖章的成品 Send what is sealed already",
)  # fmt: skip
def send_sealed_body(request: HttpRequest) -> DispatchOut:
    """An OFD that the unit's own seal signed: made a document of, verified, entered into the seal's ledger and sent,
    all of it or nothing. Attachments go by the single steps.

    Under one key it is sent once; the dispatch is told again however often this is asked.
    """
    client, asked = client_of(request), _asked(request)
    name, data, digest = _file(request, asked)
    dispatch = send_sealed(
        actor=client.account,
        unit=client.unit,
        fields=asked.given.to_fields(),
        name=name,
        data=data,
        digest=digest,
        key=named_by_key(request),
        **wished(asked.given),
    )
    return DispatchOut.of(tracked(request, dispatch), connected=not asked.given.unconnected)
