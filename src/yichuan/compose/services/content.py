"""Reading and writing the content of a document: the form's fields and the model they came from, sealed.

A document that comes sealed has, as a rule, a title and a number and nothing else to say: its columns hold them.
"""

import json
from typing import Any

from yichuan.common import sealed
from yichuan.compose.drafting.content import FIELDS, Fields
from yichuan.compose.models import Document
from yichuan.compose.services.keys import own_key


def write_content(document: Document, key: bytes, fields: Fields, original: dict[str, Any]) -> str:
    """Seal the content; returns the blob's name. File work, outside of transactions."""
    data = json.dumps({"fields": fields, "original": original}, ensure_ascii=False).encode()
    return sealed.write_bytes(key, document.content_context, data)


def write_beyond_columns(document: Document, key: bytes, fields: Fields) -> str:
    """`write_content` of a document that is no draft any more: no file, and "", where its columns say the same.

    A draft has a file in any case: the blob's name tells one saving from another.
    """
    return "" if fields == _in_columns(document) else write_content(document, key, fields, {})


def read_content(document: Document) -> tuple[Fields, dict[str, Any]]:
    """The form's fields as last saved, and the content model they came from (empty where there was none)."""
    if not document.content:
        return _in_columns(document), {}
    data = json.loads(sealed.read_bytes(own_key(document), document.content_context, document.content))
    return data["fields"], data["original"]


def _in_columns(document: Document) -> Fields:
    said = {"title": document.title, "number": document.number or "", "kind": document.kind}
    return dict.fromkeys(FIELDS, "") | said | {"urgency": document.urgency}
