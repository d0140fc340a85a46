"""Where files arrive in parts."""

from django.urls import URLPattern, path

from yichuan.compose.views import tus

patterns: list[URLPattern] = [
    path("uploads/", tus.uploads, name="uploads"),
    path("uploads/<uuid:upload_id>/", tus.uploads, name="upload_part"),
]
