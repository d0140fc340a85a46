"""Uploads: held in memory, bounded, and never written to a temporary file in the clear."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class BoundedMemoryUpload(FileUploadHandler):
    """Keeps each file in memory up to `YICHUAN_UPLOAD_LIMIT` in all; more than that is marked, not stored.

    The view sees `request.upload_too_large` and answers with the limit; reading stops at once.
    """

    chunk_size = 1024 * 1024  # what is searched for the next boundary at a time

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.taken = 0
        if self.request is not None:
            self.request.upload_too_large = content_length > settings.YICHUAN_UPLOAD_LIMIT  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > settings.YICHUAN_UPLOAD_LIMIT:
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file, self.field_name, self.file_name or "", self.content_type, file_size, self.charset
        )
