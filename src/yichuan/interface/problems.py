"""Errors of the interface: `application/problem+json` (RFC 9457), each with a code of this one list.

The list is the documentation: the page of the interface and `docs/interface/` show it. A code that a service raises
and that is not in it is told under the general code of its status.
"""

import json
from dataclasses import dataclass

from django.http import HttpResponse

from yichuan.common.errors import Invalid, Refused

MEDIA_TYPE = "application/problem+json"
ABOUT = "/api/v1/docs#"


@dataclass(frozen=True)
class Problem:
    """One code: the status it comes with, its title in Chinese, and what it means to a programmer."""

    status: int
    title: str
    meaning: str


PROBLEMS: dict[str, Problem] = {
    # who asks
    "invalid_client": Problem(401, "接口编号或密钥不对", "Unknown client, wrong secret, or the client was cut off."),
    "invalid_request": Problem(400, "令牌请求写得不对", "The token request lacks a part or names the client twice."),
    "unsupported_grant_type": Problem(400, "不支持的授权方式", "Only grant_type=client_credentials is taken."),
    "invalid_token": Problem(401, "令牌无效或已过期", "No token, or one that ended: ask for another."),
    "slowed": Problem(429, "试错太多", "Too many wrong secrets from this address: wait for Retry-After."),
    "no_permission": Problem(403, "没有这项权限", "The client's post does not open this."),
    # what the request looks like
    "bad_request": Problem(400, "请求写得不对", "The request itself is malformed."),
    "not_json": Problem(400, "内容不是 JSON", "The body is not JSON in UTF-8, or holds characters that are none."),
    "bad_cursor": Problem(422, "游标无效", "The cursor is not one that this list gave."),
    "key_missing": Problem(400, "缺少幂等键", "Idempotency-Key is missing, or is not 1–80 visible ASCII characters."),
    "key_reused": Problem(422, "幂等键用于别的请求", "The key stands for another request: use a new one."),
    "in_progress": Problem(409, "正在办理", "The first request under this key is still worked on: see Retry-After."),
    "method_not_allowed": Problem(405, "方法不对", "The address exists, with the methods in `Allow`."),
    "too_large": Problem(413, "内容太大", "The body is larger than one request takes: upload it in parts."),
    "wrong_content_type": Problem(415, "内容类型不对", "The Content-Type is not the one this operation takes."),
    "invalid": Problem(422, "内容要改", "`errors` names each field and says what is wrong with it."),
    # what is not there
    "not_found": Problem(404, "没有找到", "No such address or thing, or another unit's."),
    "no_document": Problem(404, "没有这件公文", "No such document, or another unit's."),
    "no_dispatch": Problem(404, "没有这次发送", "No such dispatch, or another unit's."),
    "no_delivery": Problem(404, "没有这件来文", "No such delivery, or it is not in the client's box."),
    "no_attachment": Problem(404, "没有这个附件", "No such attachment of this document."),
    "no_request": Problem(404, "没有这份申请", "No such request, or another unit's to answer."),
    "no_upload": Problem(404, "没有这次上传", "No such upload of this client, or it was given up."),
    "no_hook": Problem(404, "没有这个回调", "No such hook of this client."),
    "no_call": Problem(404, "没有这次通知", "No such call of this hook, or it is so old that it was cleared away."),
    "no_box": Problem(404, "还没有交换箱", "The unit has no exchange box."),
    # what the state of things does not allow
    "refused": Problem(409, "没有办成", "Refused for a reason that `detail` gives; nothing was done."),
    "wrong_state": Problem(409, "状态不对", "In its present state this cannot be done: read it again."),
    "not_finished": Problem(409, "还没有制版", "The document has no body yet: finish it first."),
    "changed": Problem(409, "同时有改动", "Somebody changed it meanwhile: read it and try again."),
    "changed_elsewhere": Problem(409, "已被别人改过", "Somebody saved it since: read it and try again."),
    "unit_changed": Problem(409, "单位刚有变更", "The unit changed at this moment: try again."),
    "joint": Problem(409, "联合行文", "A joint document is sealed in the centre, in turns."),
    "only_here": Problem(409, "只能在系统里盖章", "This seal is used in the centre only, not elsewhere."),
    "seal_replaced": Problem(409, "印章已换发", "The seal was replaced by another."),
    "seal_suspended": Problem(409, "印章暂停使用", "The seal is suspended."),
    "seal_not_ready": Problem(409, "印章还没有制好", "The seal is not made yet."),
    "seal_certificate": Problem(409, "印章证书不能用", "The seal's certificate is held or revoked."),
    "seal_expired": Problem(409, "印章已过期", "The seal's time is over."),
    "box_closed": Problem(409, "交换箱已停用", "The recipient's box takes nothing more."),
    "not_whole": Problem(409, "原件不完整", "What was sent does not read whole any more, so it is not sent again."),
    "seal_withdrawn": Problem(409, "印章已停用", "The seal on it was withdrawn: it must be sealed anew."),
    "clock_back": Problem(503, "服务器时钟有误", "The centre's clock was set back; nothing was sent. Try again later."),
    "urgency": Problem(409, "这里不交换急件", "This centre does not exchange documents of this urgency (J-4)."),
    "not_sound": Problem(409, "校验没有通过", "A check failed: the document can only be returned (J-33)."),
    "cannot_draw": Problem(409, "版面打不开", "The body cannot be drawn."),
    "asked_already": Problem(409, "已经申请过", "The same is asked for already and not answered yet."),
    "nothing_to_correct": Problem(409, "没有要更正的", "It was neither withdrawn nor returned."),
    "correcting": Problem(409, "正在更正", "A correction of it is in the making already."),
    "upload_offset": Problem(409, "上传位置不对", "Another part is wanted: ask for the upload and go on from there."),
    "upload_unfinished": Problem(409, "还没有传完", "The upload is not complete."),
    "upload_taken": Problem(409, "上传已经用过", "The upload is used already."),
    "hooks_full": Problem(409, "回调太多", "The client has as many hooks as one may have: remove one first."),
    "uploads_waiting": Problem(409, "未用完的上传太多", "Use or cancel earlier uploads first."),
    # what does not work at the moment
    "error": Problem(500, "系统出错", "A fault of ours. The same request may be made again under the same key."),
    "unavailable": Problem(503, "设备没有应答", "A device does not answer; nothing was done. Try again later."),
    "boxes_moving": Problem(503, "收件单位正在变更", "A box is changing hands; nothing was done. Try again."),
    "blob_altered": Problem(503, "存储内容损坏", "A stored file does not read; the operator must look into it."),
    "blob_missing": Problem(503, "存储内容缺失", "A stored file is missing; the operator must look into it."),
    "blob_store": Problem(503, "存储没有应答", "The store does not answer. Try again later."),
    "database": Problem(503, "数据库没有应答", "The database broke off: ask again under the same key, it may be done."),
}  # fmt: skip

GENERAL = {
    400: "bad_request",
    401: "invalid_token",
    403: "no_permission",
    404: "not_found",
    405: "method_not_allowed",
    409: "refused",
    413: "too_large",
    415: "wrong_content_type",
    422: "invalid",
    429: "slowed",
    500: "error",
    503: "unavailable",
}


def code_of(code: str, status: int) -> str:
    """The code of the list: the service's own, or the general one of the status."""
    return code if code in PROBLEMS else GENERAL.get(status, "refused" if status < 500 else "error")


def problem(
    code: str, detail: str = "", *, errors: dict[str, str] | None = None, status: int | None = None
) -> HttpResponse:
    """The answer for one code of the list; `errors` is one message a field."""
    known = PROBLEMS[code]
    body = {
        "type": f"{ABOUT}{code}",
        "title": known.title,
        "status": status or known.status,
        "detail": detail or f"{known.title}。",
        "code": code,
        **({"errors": errors} if errors else {}),
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE, status=status)
    response.status_code = body["status"]  # type: ignore[assignment]
    if body["status"] == 401:
        response["WWW-Authenticate"] = 'Bearer realm="yichuan", error="invalid_token"'
    response["Cache-Control"] = "no-store"
    return response


def of_refusal(refusal: Refused) -> HttpResponse:
    """The answer for what a service refused."""
    errors = refusal.errors if isinstance(refusal, Invalid) else None
    if errors is None and refusal.field:
        errors = {refusal.field: refusal.message}
    code = code_of(refusal.code, refusal.status)
    response = problem(code, refusal.message, errors=errors, status=refusal.status)
    wait = getattr(refusal, "retry_after", None) or (5 if refusal.status == 503 else None)
    if refusal.status == 429:
        wait = 900
    if wait is not None:
        response["Retry-After"] = str(wait)
    return response
