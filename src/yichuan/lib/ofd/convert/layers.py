"""Optional content of a PDF (ISO 32000-1, 8.11): which layers show when nobody has switched any."""

from typing import Any

import pikepdf

_DEEPEST = 12


class Layers:
    """The default configuration of a document's layers."""

    def __init__(self, root: Any) -> None:
        properties = root.get("/OCProperties", {})
        settings = properties.get("/D", {}) if properties else {}
        self._off = {each.objgen for each in settings.get("/OFF", [])}
        if str(settings.get("/BaseState", "/ON")) == "/OFF":
            shown = {each.objgen for each in settings.get("/ON", [])}
            self._off = {each.objgen for each in properties.get("/OCGs", [])} - shown

    def hides(self, content: Any, depth: int = 0) -> bool:
        """Whether what belongs to this group (OCG) or membership (OCMD) is hidden."""
        if not isinstance(content, pikepdf.Dictionary) or not self._off:
            return False
        if content.get("/Type") != pikepdf.Name.OCMD:
            return content.objgen in self._off
        if "/VE" in content:
            return not self._holds(content.VE, depth)
        groups: Any = content.get("/OCGs", [])
        listed = [groups] if isinstance(groups, pikepdf.Dictionary) else list(groups)
        hidden = [self.hides(each, depth + 1) for each in listed if isinstance(each, pikepdf.Dictionary)]
        if not hidden:
            return False
        match str(content.get("/P", "/AnyOn")):
            case "/AllOn":
                return any(hidden)
            case "/AnyOff":
                return not any(hidden)
            case "/AllOff":
                return not all(hidden)
        return all(hidden)

    def _holds(self, expression: Any, depth: int) -> bool:
        if not isinstance(expression, pikepdf.Array) or depth > _DEEPEST:
            return not self.hides(expression)
        parts = [self._holds(each, depth + 1) for each in list(expression)[1:]]
        match str(expression[0]):
            case "/Not":
                return not all(parts)
            case "/Or":
                return any(parts)
        return all(parts)
