"""The small checker that applies the content model's schema.

It knows the keywords that schema uses and no more; what it says names the JSON path and the remedy.
"""

from __future__ import annotations

import re
from typing import Any

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.schema import DEFINITIONS, MAX_CHARACTERS, SCHEMA, Schema

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def check(value: Any, schema: Schema = SCHEMA, path: str = "$") -> None:
    """Raise ``GongwenError`` at the first place where the value departs from the schema."""
    if "$ref" in schema:
        check(value, DEFINITIONS[schema["$ref"].removeprefix("#/$defs/")], path)
    elif "oneOf" in schema:
        check(value, _alternative(value, schema["oneOf"], path), path)
    else:
        _check_plain(value, schema, path)


def _alternative(value: Any, options: list[Schema], path: str) -> Schema:
    """The alternative that the value means: by its ``type`` word for blocks, by its JSON type for cells."""
    resolved = [
        DEFINITIONS[option["$ref"].removeprefix("#/$defs/")] if "$ref" in option else option for option in options
    ]
    kinds = {
        option["properties"]["type"]["const"]: option for option in resolved if "type" in option.get("properties", {})
    }
    if kinds:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            raise GongwenError("bad_type", f"{path}.type", f"must be one of {', '.join(kinds)}")
        return kinds[kind]
    for option in resolved:
        if isinstance(value, _TYPES[option["type"]]):
            return option
    raise GongwenError("bad_type", path, f"must be {' or '.join(option['type'] for option in resolved)}")


def _check_plain(value: Any, schema: Schema, path: str) -> None:
    if "const" in schema:
        return  # the word chose this alternative
    if "enum" in schema:
        if not isinstance(value, str) or value not in schema["enum"]:
            raise GongwenError("bad_value", path, f"must be one of {', '.join(schema['enum'])}")
        return
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    fits = any(isinstance(value, _TYPES[kind]) for kind in kinds)
    if not fits or (isinstance(value, bool) and "boolean" not in kinds):
        raise GongwenError("bad_type", path, f"must be {' or '.join(kinds)}")
    if isinstance(value, str):
        _check_text(value, schema, path)
    elif isinstance(value, list):
        _check_list(value, schema, path)
    elif isinstance(value, dict):
        _check_object(value, schema, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        if not low <= value <= high:
            raise GongwenError("out_of_range", path, f"must lie between {low} and {high}")


def _check_text(value: str, schema: Schema, path: str) -> None:
    if len(value.strip()) < schema.get("minLength", 0):
        raise GongwenError("empty", path, "must not be empty; leave the field out instead")
    if len(value) > schema.get("maxLength", MAX_CHARACTERS):
        raise GongwenError("too_long", path, f"has {len(value)} characters, at most {schema['maxLength']} fit")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        raise GongwenError("bad_form", path, f"must have the form {schema['pattern']}")


def _check_list(value: list[Any], schema: Schema, path: str) -> None:
    if len(value) < schema["minItems"]:
        raise GongwenError("too_few", path, f"must have at least {schema['minItems']} entries")
    if len(value) > schema["maxItems"]:
        raise GongwenError("too_many", path, f"has {len(value)} entries, at most {schema['maxItems']} are taken")
    for index, item in enumerate(value):
        check(item, schema["items"], f"{path}[{index}]")


def _check_object(value: dict[str, Any], schema: Schema, path: str) -> None:
    for name in schema["required"]:
        if name not in value:
            raise GongwenError("missing", f"{path}.{name}", "is required")
    for name, item in value.items():
        if name not in schema["properties"]:
            known = ", ".join(schema["properties"])
            raise GongwenError("unknown_field", f"{path}.{name}", f"is not a field here; known are {known}")
        check(item, schema["properties"][name], f"{path}.{name}")
