from django.urls import path

from yichuan.compose import making_urls, upload_urls
from yichuan.compose.views import documents, drafts, outgoing, seal_several, sealing

app_name = "compose"
urlpatterns = [
    path("documents/", outgoing.outgoing, name="outgoing"),
    path("documents/new/", drafts.new, name="new"),
    path("documents/import/", drafts.import_file, name="import"),
    path("documents/<uuid:document_id>/", documents.show, name="show"),
    path("documents/<uuid:document_id>/edit/", drafts.edit, name="edit"),
    path("documents/<uuid:document_id>/finish/", drafts.finish, name="finish"),
    path("documents/<uuid:document_id>/reopen/", drafts.reopen, name="reopen"),
    path("documents/<uuid:document_id>/upload/", drafts.upload, name="upload"),
    path("documents/<uuid:document_id>/seal/", sealing.seal, name="seal"),
    path("documents/<uuid:document_id>/seal/prepare/", sealing.prepare, name="prepare_seal"),
    path("documents/<uuid:document_id>/seal/finish/", sealing.finish, name="finish_seal"),
    path("documents/<uuid:document_id>/seal/give-up/", sealing.give_up, name="give_up_seal"),
    path("documents/<uuid:document_id>/seal/<uuid:seal_id>.svg", sealing.picture, name="seal_picture"),
    path("documents/<uuid:document_id>/pages/<int:page>.svg", documents.page, name="page"),
    path("documents/<uuid:document_id>/draft/<int:page>.svg", documents.draft_page, name="draft_page"),
    path("documents/<uuid:document_id>/attachments/", drafts.attach, name="attach"),
    path("documents/<uuid:document_id>/attachments/<uuid:attachment_id>/", documents.attachment, name="attachment"),
    path("documents/<uuid:document_id>/attachments/<uuid:attachment_id>/remove/", drafts.detach, name="detach"),
    path("seals/", seal_several.to_seal, name="to_seal"),
    path("seals/several/", seal_several.several, name="seal_several"),
    *making_urls.patterns,
    *upload_urls.patterns,
]
