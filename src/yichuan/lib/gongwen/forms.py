"""The forms of official documents (GB/T 9704-2012 7 and 10) and the fields that each has.

The schema says what a field may hold; this table says which form has it. A field in a form that does not have it is
refused, since leaving it out of the print unseen would change the document.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from yichuan.lib.gongwen.errors import GongwenError


@dataclass(frozen=True)
class Form:
    """``lacks`` are the fields a form does not have, ``needs`` those it cannot be without; ``mark_ends`` is the word
    that its 发文机关标志 must end in.
    """

    name: str
    clause: str
    lacks: frozenset[str]
    needs: tuple[str, ...] = ()
    mark_ends: str = ""


_ATTENDANCE = {"present", "absent", "observers"}
_SIGNED = {"signatures", "signature_stamp_mm"}

FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("document", "7", frozenset(_ATTENDANCE | {"serial"}), ("title",)),
        Form(
            "letter",
            "10.1",
            frozenset(_ATTENDANCE | _SIGNED | {"serial", "signers", "printer", "print_date"}),
            ("title",),
        ),
        Form("order", "10.2", frozenset(_ATTENDANCE | {"doc_no", "signers", "recipients"}), ("signatures",), "令"),
        Form("minutes", "10.3", frozenset(_SIGNED | {"signers", "recipients"}), mark_ends="纪要"),
    )
}


def check_form(obj: Mapping[str, Any]) -> None:
    """Refuse what the document's form does not have and name what it lacks.

    :raises GongwenError: ``not_of_form``, ``missing`` or, for two numbers in one place, ``bad_value``.
    """
    form = FORMS[obj.get("form", "document")]
    for name in form.needs:
        if name not in obj:
            raise GongwenError("missing", f"$.{name}", f"is required in the form {form.name}")
    _refuse(form, [name for name in obj if name in form.lacks])
    if obj.get("seal_diameter_mm") is not None and not bears_seal(obj):
        _refuse(form, ["seal_diameter_mm"])
    if "signature_stamp_mm" in obj and "signatures" not in obj:
        raise GongwenError("missing", "$.signatures", "is required where a 签名章 has a size")
    if "serial" in obj and "doc_no" in obj:
        raise GongwenError("bad_value", "$.serial", "stands where doc_no does; give one of them")
    if not obj["issuer_mark"].rstrip().endswith(form.mark_ends):
        raise GongwenError("bad_form", "$.issuer_mark", f"of the form {form.name} ends in {form.mark_ends}")
    if form.name == "letter" and len([line for line in obj["issuer_mark"].split("\n") if line.strip()]) > 1:
        raise GongwenError("not_of_form", "$.issuer_mark", "of a letter names the lead office alone (10.1)")
    if form.name == "letter" and obj["issuer_mark"].strip().endswith("文件"):
        raise GongwenError("not_of_form", "$.issuer_mark", "of a letter is the office's name without 文件 (10.1)")
    if form.name == "order" and {"copy_no", "secrecy", "urgency"} <= set(obj):
        raise GongwenError("not_of_form", "$.copy_no", "leaves no room above the mark of an order (10.2) for all three")


def bears_seal(obj: Mapping[str, Any]) -> bool:
    """Whether seals belong on it: not on minutes (10.3), nor where 签名章 stand in their place (7.3.5.3)."""
    return obj.get("form") not in ("minutes", "order") and not obj.get("signatures")


def _refuse(form: Form, names: Collection[str]) -> None:
    for name in names:
        raise GongwenError(
            "not_of_form",
            f"$.{name}",
            f"has no place in the form {form.name} (GB/T 9704-2012 {form.clause}); leave it out or choose another form",
        )
