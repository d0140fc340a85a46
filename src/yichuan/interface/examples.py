"""An example of what a schema describes, for people to read."""

import json
from typing import Any

_BY_FORMAT = {
    "uuid": "0193e0c4-7c1e-7b5a-9d55-3f0f6f1f6f10",
    "date-time": "2008-06-25T09:12:30+08:00",
    "date": "2008-06-25",
}
_BY_TYPE: dict[str, Any] = {"string": "…", "integer": 1, "number": 1, "boolean": True, "null": None, "object": {}}


def example_of(content: dict[str, Any], schemas: dict[str, Any]) -> str:
    """JSON for one content of a request or an answer: its own example, or one put together of its schema."""
    found = content.get("example") or _example(content.get("schema", {}), schemas)
    return json.dumps(found, ensure_ascii=False, indent=2)


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    if schema.get("enum"):
        return schema["enum"][0]
    for several in ("anyOf", "allOf", "oneOf"):
        if schema.get(several):
            return _example(schema[several][0], schemas)
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        return {name: _example(each, schemas) for name, each in schema["properties"].items()}
    if kind == "array":
        return [_example(schema.get("items", {}), schemas)]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(str(kind)))
