"""Graphics state dictionaries (ISO 32000-1, 8.4.5): what of them is carried, and what is refused."""

from dataclasses import replace
from typing import Any

import pikepdf

from ..errors import OfdError
from .state import State


def extended(state: State, settings: Any) -> State:
    """The state after `gs` with these settings. Raises OfdError `unsupported_blend` or `unsupported_mask`."""
    blend = settings.get("/BM", pikepdf.Name.Normal)
    mode = blend[0] if isinstance(blend, pikepdf.Array) else blend
    if mode not in (pikepdf.Name.Normal, pikepdf.Name.Compatible):
        raise OfdError("unsupported_blend", f"The page uses the blend mode {mode}, which is not carried.")
    if settings.get("/SMask", pikepdf.Name("/None")) != pikepdf.Name("/None"):
        raise OfdError("unsupported_mask", "The page uses a soft mask, which is not carried.")
    return replace(
        state,
        fill_alpha=float(settings.get("/ca", state.fill_alpha)),
        stroke_alpha=float(settings.get("/CA", state.stroke_alpha)),
        line_width=float(settings.get("/LW", state.line_width)),
        cap=int(settings.get("/LC", state.cap)),
        join=int(settings.get("/LJ", state.join)),
        miter_limit=float(settings.get("/ML", state.miter_limit)),
    )
