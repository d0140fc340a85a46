"""The addresses of batches and imports, below those of the applications."""

from django.urls import path

from yichuan.changes.views import batches, imports

patterns = [
    path("batches/", batches.listing, name="batches"),
    path("batches/new/", batches.new, name="new_batch"),
    path("batches/templates/<str:kind>/<str:suffix>/", imports.template, name="import_template"),
    path("batches/<int:number>/", batches.board, name="batch"),
    path("batches/<int:number>/board.xlsx", batches.board_file, name="batch_file"),
    path("batches/<int:number>/plan/", batches.plan, name="batch_plan"),
    path("batches/<int:number>/edit/", batches.edit, name="edit_batch"),
    path("batches/<int:number>/approve/", batches.approve, name="approve_batch"),
    path("batches/<int:number>/register/", batches.register, name="register_batch"),
    path("batches/<int:number>/imports/", imports.listing, name="imports"),
    path("batches/<int:number>/imprints/", batches.imprints, name="imprints"),
    path("imprints/<uuid:imprint_id>.png", batches.imprint_picture, name="imprint"),
    path("imprints/<uuid:imprint_id>/make/", batches.imprint_make, name="make_imprint"),
    path("imports/<uuid:import_id>/", imports.show, name="import"),
    path("imports/<uuid:import_id>/begin/", imports.begin, name="begin_import"),
    path("imports/<uuid:import_id>/advance/", imports.go_on, name="advance_import"),
    path("imports/<uuid:import_id>/result.xlsx", imports.result, name="import_result"),
    path("imports/<uuid:import_id>/file/", imports.taken, name="import_file"),
    path("imports/<uuid:import_id>/slips/<uuid:unit_id>/", imports.slips, name="import_slips"),
    path("imports/<uuid:import_id>/remove/", imports.remove, name="remove_import"),
]
