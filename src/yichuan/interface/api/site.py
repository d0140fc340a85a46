"""The one API: its parts, how it tells what went wrong, and its schema."""

import logging
from functools import cache
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yichuan.common.errors import Refused
from yichuan.interface.api import (
    addresses,
    deliveries,
    dispatches,
    documents,
    files,
    hooks,
    sending,
    sending_sealed,
    taking_in,
    tokens,
    uploads,
)
from yichuan.interface.api.base import ProblemOut, StrictParser
from yichuan.interface.problems import code_of, of_refusal, problem

DESCRIPTION = (
    "公文交换接口：本单位的办公系统用它制作、发送、签收、读取公文，与页面上办理的规则、权限和记录相同（第三十六条）。"
    "Exchange of official documents for office systems: the same services, permissions and log as the pages."
)
api = NinjaAPI(
    title="驿传接口 Yichuan interface",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="interface",
    parser=StrictParser(),
)
PARTS = (
    *(tokens, addresses, documents, files, uploads),
    *(sending, sending_sealed, dispatches, taking_in, deliveries, hooks),
)
for router in dict.fromkeys(each.router for each in PARTS):  # `files` adds to the router of `documents`
    api.add_router("", router)


@api.exception_handler(Refused)
def _refused(_: HttpRequest, refusal: Refused) -> HttpResponse:
    return of_refusal(refusal)


@api.exception_handler(AuthenticationError)
def _nobody(_: HttpRequest, __: AuthenticationError) -> HttpResponse:
    return problem("invalid_token", "没有带令牌，或者令牌已经失效，请重新领取。")


@api.exception_handler(ValidationError)
def _not_valid(_: HttpRequest, error: ValidationError) -> HttpResponse:
    errors: dict[str, str] = {}
    for each in error.errors:
        where = ".".join(str(part) for part in each["loc"] if part not in ("body", "query", "path", "header", "given"))
        errors.setdefault(where or "body", f"{where or '内容'}不合要求：{each['msg']}"[:300])
    return problem("invalid", "请求的内容不合要求，各项说明见 errors。", errors=errors)


@api.exception_handler(HttpError)
def _http_error(_: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refused):  # what the parser refused, as ninja passes it on
        return of_refusal(error.__cause__)
    return problem(code_of("", error.status_code), status=error.status_code)


@api.exception_handler(Http404)
def _not_found(_: HttpRequest, __: Http404) -> HttpResponse:
    return problem("not_found")


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _database_away(_: HttpRequest, error: Exception) -> HttpResponse:
    """It is being restarted, or fell: no fault of the request, which an office system makes again by itself."""
    logging.getLogger("yichuan.interface").error("the database broke off: %s", error)
    answer = problem("database", "数据库没有应答。请稍后用同一个幂等键再试。")
    answer["Retry-After"] = "2"
    return answer


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI description, with the problem that every operation may answer with. Made once; nobody changes it."""
    described: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    schemas = described["components"].setdefault("schemas", {})
    schemas |= taking_in.index_schemas() | schemas
    schemas["Problem"] = ProblemOut.model_json_schema()
    sealed = sending_sealed.SealedIn.model_json_schema(ref_template="#/components/schemas/{model}")  # a part, no body
    schemas |= sealed.pop("$defs") | {"SealedIn": sealed}
    described["components"].setdefault("securitySchemes", {})["Basic"] = {"type": "http", "scheme": "basic"}
    return described
