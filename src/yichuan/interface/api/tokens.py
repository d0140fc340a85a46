"""POST /token: client credentials for a short-lived token (RFC 6749, 4.4)."""

import base64
import binascii
import json
import uuid
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from ninja import Router

from yichuan.common.permissions import PUBLIC
from yichuan.interface.api.base import BadRequest, Told, WrongContentType, operation
from yichuan.interface.problems import of_refusal
from yichuan.interface.services.tokens import LASTS, TooManyTries, WrongClient, issue_token
from yichuan.people.client import address_of

router = Router(tags=["令牌 Token"])
FORM = "application/x-www-form-urlencoded"


class TokenOut(Told):
    """RFC 6749, 5.1."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - a kind, not a secret
    expires_in: int


@operation(
    router,
    "POST",
    "/token",
    permission=PUBLIC,
    summary="领取令牌 Get a token",
    answer=TokenOut,
    codes=(
        "invalid_request", "unsupported_grant_type", "invalid_client", "wrong_content_type", "too_large", "slowed",
        "error", "unavailable",
    ),
    extra={
        "security": [{"Basic": []}, {}],
        "requestBody": {
            "required": True,
            "content": {
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["grant_type"],
                        "properties": {
                            "grant_type": {"type": "string", "enum": ["client_credentials"]},
                            "client_id": {"type": "string", "format": "uuid"},
                            "client_secret": {"type": "string"},
                        },
                    },
                    "example": {"grant_type": "client_credentials"},
                }
            },
        },
    },
)  # fmt: skip
def get_token(request: HttpRequest) -> TokenOut | HttpResponse:
    """The client's id and secret stand in `Authorization: Basic` or as `client_id` and `client_secret` in the form.

    The token counts for a quarter of an hour, for the unit and box of the client.
    """
    try:
        if request.content_type != FORM:
            raise WrongContentType("wrong_content_type", f"领取令牌的内容类型应是 {FORM}。")
        client_id, secret = _credentials(request)
        grant = request.POST.getlist("grant_type")
        if grant != ["client_credentials"]:
            code = "unsupported_grant_type" if len(grant) == 1 else "invalid_request"
            raise BadRequest(code, "grant_type 应是 client_credentials。")
        issued = issue_token(client_id=client_id, secret=secret, address=address_of(request))
    except (BadRequest, WrongClient, TooManyTries) as refusal:
        return _oauth(of_refusal(refusal), refusal.code)
    return TokenOut(access_token=issued.token, expires_in=int(LASTS.total_seconds()))


def _credentials(request: HttpRequest) -> tuple[uuid.UUID | None, str]:
    """Id and secret; an id that is none is nobody's. Raises `BadRequest` where they are missing or given twice."""
    header = request.headers.get("Authorization", "")
    posted = (request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
    if header and any(posted):
        raise BadRequest("invalid_request", "编号和密钥只写一处：请求头 Authorization，或者表单。")
    name, secret = _basic(header) if header else posted
    if not name or not secret:
        raise BadRequest("invalid_request", "缺少接口编号或密钥。")
    try:
        return uuid.UUID(name), secret
    except ValueError:
        return None, secret


def _basic(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise BadRequest("invalid_request", "请求头 Authorization 写得不对。") from error
    if scheme.lower() != "basic":
        raise BadRequest("invalid_request", "领取令牌时，请求头 Authorization 应是 Basic。")
    return unquote_plus(name), unquote_plus(secret)


def _oauth(response: HttpResponse, code: str) -> HttpResponse:
    """The problem, with the members that OAuth libraries look for (RFC 6749, 5.2)."""
    body = json.loads(response.content)
    response.content = json.dumps(body | {"error": code, "error_description": body["detail"]}, ensure_ascii=False)
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Basic realm="yichuan"'
    return response
