"""Where files arrive in parts."""

from django.urls import URLPattern, path

from yichuan.compose.views import files, tus

patterns: list[URLPattern] = [
    path("uploads/", tus.uploads, name="uploads"),
    path("uploads/<uuid:upload_id>/", tus.uploads, name="upload_part"),
    path("documents/<uuid:document_id>/attachments/uploads/", files.attach_uploads, name="attach_uploads"),
]
