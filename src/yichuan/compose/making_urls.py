from django.urls import URLPattern, path

from yichuan.compose.views import drafts, making, papers

patterns: list[URLPattern] = [
    path("documents/new/<uuid:new_id>/", drafts.keep_new, name="keep_new"),
    path("documents/<uuid:document_id>/hand-back/", making.give_back, name="hand_back"),
    path("documents/<uuid:document_id>/correct/", making.begin_correction, name="correct"),
    path("documents/<uuid:document_id>/sealed/", making.upload_sealed, name="take_sealed"),
    path("documents/<uuid:document_id>/scan/", making.scan, name="take_scan"),
    path("documents/<uuid:document_id>/papers/", papers.name, name="name_paper"),
    path("documents/<uuid:document_id>/papers/<int:paper_id>/drop/", papers.drop, name="drop_paper"),
]
