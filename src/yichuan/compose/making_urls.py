from django.urls import URLPattern, path

from yichuan.compose.views import making

patterns: list[URLPattern] = [
    path("documents/<uuid:document_id>/hand-back/", making.give_back, name="hand_back"),
    path("documents/<uuid:document_id>/correct/", making.begin_correction, name="correct"),
    path("documents/<uuid:document_id>/sealed/", making.upload_sealed, name="take_sealed"),
    path("documents/<uuid:document_id>/scan/", making.scan, name="take_scan"),
]
