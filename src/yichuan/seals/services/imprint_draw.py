"""Drawing an imprint by the rules (按规定绘制印模, S2, J-19): rank decides diameter and emblem or star."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint import Imprint as Drawing
from yichuan.lib.gongwen.imprint import draw_imprint
from yichuan.lib.gongwen.imprint_picture import seal_picture
from yichuan.lib.ses.seal import Picture
from yichuan.org.models import Unit
from yichuan.seals.emblem import emblem
from yichuan.seals.models import Imprint
from yichuan.seals.services.imprint_access import open_unit
from yichuan.seals.services.imprint_text import check_diameter, check_lines, is_tail, present_name, rule_for
from yichuan.seals.services.imprint_words import in_words
from yichuan.web.fonts import fonts


def draw(
    *, actor: Actor, unit: Unit, name_id: int, diameter_mm: int, bottom_line: str = "", foreign: str = ""
) -> Imprint:
    """Draw an imprint of the unit, to be compared and approved. A command; drawn before anything is locked."""
    bottom_line, foreign = bottom_line.strip(), foreign.strip()
    name = present_name(unit, name_id)
    check_lines(unit, name.name, bottom_line=bottom_line, foreign=foreign)
    drawing = drawing_of(name.name, diameter_mm=diameter_mm, bottom_line=bottom_line, foreign=foreign)
    ofd = drawing.ofd()
    tail = is_tail(name.name, bottom_line)
    with command():
        unit = open_unit(actor, unit.pk)
        present_name(unit, name_id)  # it may have been dropped meanwhile
        row = Imprint.objects.create(
            unit=unit,
            unit_name=name,
            source=Imprint.Source.DRAWN,
            name=name.name,
            inputs={
                "bottom_line": "" if tail else bottom_line,
                "tail": bottom_line if tail else "",
                "foreign": foreign,
                "rule": rule_for(name.name, "" if tail else bottom_line).rule,
            },
            diameter_mm=diameter_mm,
            ofd=ofd,
            svg=drawing.svg(),
            digest=sm3(ofd).hex(),
            made_by_id=actor.pk,
            made_at=clock.now(),
        )
        detail = {"name": row.name, "bottom_line": bottom_line, "digest": row.digest}
        record(verb="seals.draw_imprint", actor=actor, unit_id=unit.pk, subject=row, detail=detail)
    return row


def drawing_of(name: str, *, diameter_mm: int, bottom_line: str = "", foreign: str = "") -> Drawing:
    """The drawing by the rules. Raises `Invalid` beside the field at fault, `Refused` without the emblem it needs."""
    tail = is_tail(name, bottom_line)
    special = "" if tail else bottom_line
    check_diameter(name, special, diameter_mm)
    try:
        return draw_imprint(
            name.removesuffix(bottom_line) if tail else name,
            diameter_mm=float(diameter_mm),
            font=fonts(),
            centre=emblem() if rule_for(name, special).centre == "emblem" else "star",
            foreign=foreign,
            bottom=bottom_line,
        )
    except GongwenError as error:
        raise in_words(error) from error


def picture_of(row: Imprint) -> Picture:
    """The imprint as a seal carries it (GB/T 38540): a PNG of whole millimetres, the imprint in its middle.

    Refuses as `check_unaltered`.
    """
    check_unaltered(row)
    return seal_picture(bytes(row.ofd))


def check_unaltered(row: Imprint) -> None:
    """Refuses an imprint whose stored bytes are no longer those that were approved."""
    if sm3(bytes(row.ofd)).hex() != row.digest:
        raise Refused("imprint_altered", "印模和批准时的不一样，不能用来制章。请报告系统管理员，并另外制作印模。")
