"""The addresses of imprints."""

from django.urls import URLPattern, path

from yichuan.seals.views import imprints

patterns: list[URLPattern] = [
    path("imprints/", imprints.listing, name="imprints"),
    path("imprints/new/", imprints.new, name="draw_imprint"),
    path("imprints/scan/", imprints.new_scan, name="scan_imprint"),
    path("imprints/<uuid:imprint_id>/", imprints.show, name="imprint"),
    path("imprints/<uuid:imprint_id>/compare/", imprints.compare, name="compare_imprint"),
    path("imprints/<uuid:imprint_id>/approve/", imprints.approve, name="approve_imprint"),
    path("imprints/<uuid:imprint_id>/drop/", imprints.drop, name="drop_imprint"),
    path("imprints/<uuid:imprint_id>/imprint.svg", imprints.picture, name="imprint_picture"),
    path("imprints/<uuid:imprint_id>/beside", imprints.beside, name="imprint_beside"),
    path("imprints/<uuid:imprint_id>/sheet.pdf", imprints.paper, name="imprint_sheet"),
]
