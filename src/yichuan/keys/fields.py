"""A model field whose text rests encrypted. It cannot be searched or ordered by the database."""

from typing import TYPE_CHECKING, Any

from django.db import models

from yichuan.keys.services.texts import open_text, seal_text

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class SealedTextField(_Binary):
    """Reads and writes `str`; the column holds SM4-GCM ciphertext bound to the column's own name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    @property
    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> str | None:
        return None if value is None else open_text(bytes(value), self._context)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = seal_text(value, self._context)
        return super().get_db_prep_value(value, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value
