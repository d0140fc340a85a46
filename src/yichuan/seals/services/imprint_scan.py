"""Making an imprint of the brass seal's scan (附件2), and laying such a scan beside a drawn one (S2, J-19)."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint import Imprint as Drawing
from yichuan.org.models import Unit, UnitName
from yichuan.seals.models import Imprint
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.imprint_access import may_make, open_imprint, open_unit, visible
from yichuan.seals.services.imprint_draw import drawing_of
from yichuan.seals.services.imprint_text import check_lines, is_tail, present_name
from yichuan.seals.services.imprint_words import in_words

if TYPE_CHECKING:
    from yichuan.lib.gongwen.scan import CleanedScan


def take(
    *,
    actor: Actor,
    unit: Unit,
    unit_name: UnitName,
    data: bytes,
    diameter_mm: float,
    turn: float = 0.0,
    bottom_line: str = "",
    dpi: int | None = None,
) -> Imprint:
    """Clean a scan and keep it as an imprint of the unit. A command; cleaned before anything is locked.

    What a scan says cannot be read by the centre: whoever approves it compares it with the name.

    :param data: the file; `lib.gongwen.scan_file` says which.
    :param diameter_mm: over the ring of the brass seal, as measured.
    :param turn: degrees clockwise by which it is turned after it was set upright.
    :param bottom_line: what stands under the star, as `imprint_draw.draw` takes it.
    :param dpi: of the scan where the file does not say so.
    """
    if not may_make(actor, unit):
        check(actor, SealsPermission.APPLY, unit)
    name = present_name(unit, unit_name.pk)
    bottom_line = bottom_line.strip()
    check_lines(unit, name.name, bottom_line=bottom_line, foreign="")
    scan = _cleaned(data, diameter_mm, turn, dpi)
    ofd = scan.ofd()
    tail = is_tail(name.name, bottom_line)
    likeness = _likeness_to_rule(name.name, bottom_line, scan)
    with command():
        unit = open_unit(actor, unit.pk)
        present_name(unit, name.pk)
        row = Imprint.objects.create(
            unit=unit,
            unit_name=name,
            source=Imprint.Source.SCANNED,
            name=name.name,
            inputs={
                "bottom_line": "" if tail else bottom_line,
                "tail": bottom_line if tail else "",
                "scan": _facts(scan, turn) | likeness,
            },
            diameter_mm=round(diameter_mm, 1),
            ofd=ofd,
            svg=svg_of(scan.png, scan.side_mm),
            digest=sm3(ofd).hex(),
            scan=scan.png,
            made_by_id=actor.pk,
            made_at=clock.now(),
        )
        detail = {"name": row.name, "bottom_line": bottom_line, "digest": row.digest, "scan": sm3(data).hex()}
        record(verb="seals.take_imprint", actor=actor, unit_id=unit.pk, subject=row, detail=detail)
    return row


def lay_beside(*, actor: Actor, imprint_id: uuid.UUID, data: bytes, turn: float = 0.0) -> Imprint:
    """Keep a scan of the brass seal beside the drawn imprint, for comparing. A command."""
    drawn = visible(actor, imprint_id)
    if not may_make(actor, drawn.unit):
        raise NotAllowed("no_permission", f"你的岗位没有「{SealsPermission.APPLY.label}」的权限。")
    _only_drawn(drawn)
    scan = _cleaned(data, float(drawn.diameter_mm), turn, None)
    share = _difference(bytes(drawn.ofd), scan.png)
    with command():
        row = open_imprint(actor, imprint_id)
        row.scan = scan.png
        row.inputs = row.inputs | {"scan": _facts(scan, turn) | {"difference": round(share, 4)}}
        row.save(update_fields=["scan", "inputs"])
        detail = {"name": row.name, "scan": sm3(data).hex(), "difference": f"{share:.2%}"}
        record(verb="seals.compare_imprint", actor=actor, unit_id=row.unit_id, subject=row, detail=detail)
    return row


def _only_drawn(imprint: Imprint) -> None:
    if imprint.approved_at is not None:
        raise Refused("imprint_approved", "印模已经批准，不能再改。要改的，请另外制作一个。")
    if imprint.source != Imprint.Source.DRAWN:
        raise Refused("imprint_scanned", "这个印模本身就是扫描件，不用再比对。要换扫描件的，请另外制作一个。")


def _cleaned(data: bytes, diameter_mm: float, turn: float, dpi: int | None) -> CleanedScan:
    from yichuan.lib.gongwen.scan import clean_scan  # with numpy, which other work never needs

    try:
        return clean_scan(data, diameter_mm=diameter_mm, turn=turn, dpi=dpi)
    except GongwenError as error:
        raise in_words(error) from error


def _difference(drawn: bytes, scan: bytes) -> float:
    from yichuan.lib.gongwen.scan_compare import difference  # as in `_cleaned`

    return difference(drawn, scan)


def _facts(scan: CleanedScan, turn: float) -> dict[str, Any]:
    """What was measured, as pages show it."""
    return {
        "measured_mm": None if scan.measured_mm is None else round(scan.measured_mm, 2),
        "turned": round(scan.turned, 1),
        "turn": turn,
        "sure": scan.sure,
        "off_centre_mm": round(scan.off_centre_mm, 2),
        "flatness": round(scan.flatness, 3),
        "ring": round(scan.ring, 3),
    }


def _likeness_to_rule(name: str, bottom_line: str, scan: CleanedScan) -> dict[str, float]:
    """How far the scan differs from what the rules would draw; nothing where they cannot draw it."""
    try:
        drawn = drawing_of(name, diameter_mm=round(scan.diameter_mm), bottom_line=bottom_line)
    except Refused:
        return {}
    return {"difference": round(_difference(drawn.ofd(), scan.png), 4)}


def by_the_rules(imprint: Imprint) -> Drawing:
    """What the rules would draw in a scanned imprint's place. Raises `Refused` where they cannot."""
    under = imprint.inputs.get("bottom_line") or imprint.inputs.get("tail") or ""
    return drawing_of(imprint.name, diameter_mm=round(imprint.diameter_mm), bottom_line=under)


def svg_of(png: bytes, side_mm: int) -> str:
    """A cleaned scan as one SVG of its natural size, like that of a drawn imprint."""
    data = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side_mm}mm" height="{side_mm}mm" '
        f'viewBox="0 0 {side_mm} {side_mm}">'
        f'<image width="{side_mm}" height="{side_mm}" href="data:image/png;base64,{data}"/></svg>'
    )
