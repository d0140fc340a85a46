"""The usual reasons of a return, as the first look at an incoming document (初审) asks; kept by their code."""

from collections.abc import Iterable

from yichuan.common.labels import Labelled


class ReturnReason(Labelled):
    NOT_OURS = "not_ours", "不属于本单位办理"
    WRITING = "writing", "不符合行文规则"
    FORM = "form", "公文格式不符合规定"
    CHECK_FAILED = "check_failed", "印章或者校验没有通过"
    WRONG_ADDRESSEE = "wrong_addressee", "收件单位有误"
    ATTACHMENT_MISSING = "attachment_missing", "附件缺少或者不完整"


def in_words(codes: Iterable[str], more: str) -> str:
    """The reasons that were chosen, each once and in their order, and what was written besides."""
    chosen = set(codes)
    said = [reason.label for reason in ReturnReason if reason.value in chosen]
    return "；".join([*said, more.strip()] if more.strip() else said)
