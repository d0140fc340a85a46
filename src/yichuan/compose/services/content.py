"""Reading and writing the content of a draft: the form's fields and the model they came from, sealed."""

import json
from typing import Any

from yichuan.common import sealed
from yichuan.compose.drafting.content import Fields
from yichuan.compose.models import Document
from yichuan.compose.services.keys import own_key


def write_content(document: Document, key: bytes, fields: Fields, original: dict[str, Any]) -> str:
    """Seal the content; returns the blob's name. File work, outside of transactions."""
    data = json.dumps({"fields": fields, "original": original}, ensure_ascii=False).encode()
    return sealed.write_bytes(key, document.content_context, data)


def read_content(document: Document) -> tuple[Fields, dict[str, Any]]:
    """The form's fields as last saved, and the content model they came from (empty where there was none)."""
    data = json.loads(sealed.read_bytes(own_key(document), document.content_context, document.content))
    return data["fields"], data["original"]
