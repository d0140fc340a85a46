from django.urls import path

from yichuan.exchange import asking_urls, chasing_urls, list_urls, paper_urls, printing_urls, rules_urls
from yichuan.exchange.views import deliveries, inbox, kept, print_several, send_page, sending, sent, withdrawing

app_name = "exchange"
urlpatterns = [
    path("documents/<uuid:document_id>/send/", send_page.send_page, name="send"),
    path("recipients/", send_page.find_recipients, name="find_recipients"),
    path("sent/", sent.sent, name="sent"),
    path("sent/<uuid:dispatch_id>/", sending.board_page, name="board"),
    path("sent/<uuid:dispatch_id>/withdraw/", withdrawing.take_back, name="withdraw"),
    path("sent/<uuid:dispatch_id>/<uuid:delivery_id>/", sending.recipient, name="recipient"),
    path("sent/<uuid:dispatch_id>/<uuid:delivery_id>/settled/", sending.settle, name="settle_return"),
    path("inbox/", inbox.inbox_page, name="inbox"),
    path("inbox/sign-for/", inbox.sign_for_several, name="sign_for_several"),
    path("inbox/print/", print_several.choose, name="choose_prints"),
    path("inbox/print/file/", print_several.several, name="print_several"),
    path("kept/", kept.kept, name="kept"),
    path("kept/<uuid:box_id>/", kept.box, name="kept_box"),
    path("kept/<uuid:box_id>/export/", kept.export, name="export_kept"),
    path("kept/documents/<uuid:document_id>/", kept.document, name="kept_document"),
    path("kept/documents/<uuid:document_id>/pages/<int:page>.svg", kept.page, name="kept_page"),
    path(
        "kept/documents/<uuid:document_id>/attachments/<uuid:attachment_id>/", kept.attachment, name="kept_attachment"
    ),
    path("deliveries/<uuid:delivery_id>/", deliveries.show, name="delivery"),
    path("deliveries/<uuid:delivery_id>/side/", deliveries.side, name="side"),
    path("deliveries/<uuid:delivery_id>/sign-for/", deliveries.sign, name="sign_for"),
    path("deliveries/<uuid:delivery_id>/return/", deliveries.send_back, name="return"),
    path("deliveries/<uuid:delivery_id>/print/", deliveries.print_originals, name="print"),
    path("deliveries/<uuid:delivery_id>/copy/", deliveries.decrypted_copy, name="copy"),
    path("deliveries/<uuid:delivery_id>/pages/<int:page>.svg", deliveries.page, name="page"),
    path("deliveries/<uuid:delivery_id>/attachments/<uuid:attachment_id>/", deliveries.attachment, name="attachment"),
    *rules_urls.patterns,
    *paper_urls.patterns,
    *asking_urls.patterns,
    *printing_urls.patterns,
    *chasing_urls.patterns,
    *list_urls.patterns,
]
