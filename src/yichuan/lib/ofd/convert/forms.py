"""Form XObjects and transparency groups of a PDF (ISO 32000-1, 8.10 and 11.6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import OfdError
from ..geometry import IDENTITY, multiply, numbers
from .canvas import Canvas, Mark, touch
from .colour import alpha_attribute
from .state import State, matrix_of, rectangle_segments

if TYPE_CHECKING:
    from .interpreter import Interpreter

_MOST_APART = 300
"""Marks of a group that are compared with each other."""


def draw_form(interpreter: Interpreter, form: Any) -> None:
    """Draw a form where the interpreter stands. Raises OfdError `unsupported_group` and `unsupported_blend`."""
    outer = interpreter.state
    inner = outer.copy()
    inner.ctm = multiply(matrix_of(form.get("/Matrix", IDENTITY)), outer.ctm)
    left, bottom, right, top = (float(each) for each in form.BBox)
    frame = rectangle_segments(left, bottom, right - left, top - bottom)
    inner.clip(frame, False, multiply(inner.ctm, interpreter.canvas.base))
    group = form.get("/Group")
    if group is None:
        interpreter.nested(form.get("/Resources"), inner).run(form)
        return
    if group.get("/K", False):
        raise OfdError("unsupported_group", "The page draws a knockout group, which is not carried; flatten it.")
    isolated = bool(group.get("/I", False))
    inner.fill_alpha = inner.stroke_alpha = 1.0
    inner.blend = "Normal"
    if outer.fill_alpha >= 1 and outer.blend == "Normal":
        _run_in_place(interpreter, form, inner, isolated=isolated)
    else:
        _run_apart(interpreter, form, inner, isolated=isolated)


def _run_in_place(interpreter: Interpreter, form: Any, inner: State, *, isolated: bool) -> None:
    """An opaque group that blends as usual is what it holds."""
    canvas = interpreter.canvas
    floor, below = canvas.floor, canvas.open
    if isolated:
        canvas.floor, canvas.open = len(canvas.marks), False
    interpreter.nested(form.get("/Resources"), inner).run(form)
    canvas.floor, canvas.open = floor, below


def _run_apart(interpreter: Interpreter, form: Any, inner: State, *, isolated: bool) -> None:
    """A group with an opacity: given to its marks where none lies over another, to the group as a whole elsewhere."""
    outer, canvas = interpreter.state, interpreter.canvas

    def drawn(unit_alpha: float) -> list[Mark]:
        inside = Canvas(canvas.resources, canvas.base, canvas.page, open=not isolated)
        state = inner.copy()
        state.unit_alpha = unit_alpha
        interpreter.nested(form.get("/Resources"), state, canvas=inside).run(form)
        return inside.marks

    alpha = outer.fill_alpha * outer.unit_alpha
    marks = drawn(alpha)
    if alpha < 1 and not _apart(marks):
        marks = [_composite(canvas, drawn(1.0), alpha)]
    if marks:
        canvas.add(marks, outer.blend)


def _apart(marks: list[Mark]) -> bool:
    return len(marks) <= _MOST_APART and not any(
        touch(one.bounds, other.bounds) for index, one in enumerate(marks) for other in marks[:index]
    )


def _composite(canvas: Canvas, marks: list[Mark], alpha: float) -> Mark:
    """The marks as a CompositeObject (clause 13), which is made transparent as one."""
    shared = canvas.resources
    bounds = (
        min(mark.bounds[0] for mark in marks),
        min(mark.bounds[1] for mark in marks),
        max(mark.bounds[2] for mark in marks),
        max(mark.bounds[3] for mark in marks),
    )
    unit = shared.next_id()
    size = f'Width="{numbers([max(bounds[2], 0.01)])}" Height="{numbers([max(bounds[3], 0.01)])}"'
    content = "".join(mark.xml for mark in marks)
    shared.units[unit] = (
        f'<ofd:CompositeGraphicUnit ID="{unit}" {size}><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit>'
    )
    # The unit's space is the page's: its origin stays, so that clips and patterns inside need not be moved.
    box = f'Boundary="0 0 {numbers((max(bounds[2], 0.01), max(bounds[3], 0.01)))}"'
    head = f'<ofd:CompositeObject ID="{shared.next_id()}" {box} ResourceID="{unit}"'
    return Mark(f"{head}{alpha_attribute(alpha)}/>", bounds)
