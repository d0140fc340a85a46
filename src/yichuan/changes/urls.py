from django.urls import path

from yichuan.changes.batch_urls import patterns as batch_patterns
from yichuan.changes.views import applications, one, public

app_name = "changes"
urlpatterns = [
    *batch_patterns,
    path("", applications.listing, name="list"),
    path("new/", applications.choose, name="choose"),
    path("new/<str:kind>/", applications.new, name="new"),
    path("units/", applications.unit_names, name="unit_names"),
    path("paper/", applications.enter, name="enter"),
    path("paper/<str:kind>/", applications.enter_kind, name="enter_kind"),
    path("join/", public.join, name="join"),
    path("query/", public.query, name="query"),
    path("mine/", public.mine, name="mine"),
    path("mine/edit/", public.mine_edit, name="mine_edit"),
    path("mine/papers/", public.mine_attach, name="mine_attach"),
    path("mine/papers/<uuid:attachment_id>/", public.mine_paper, name="mine_paper"),
    path("mine/papers/<uuid:attachment_id>/remove/", public.mine_detach, name="mine_detach"),
    path("mine/submit/", public.mine_submit, name="mine_submit"),
    path("mine/withdraw/", public.mine_withdraw, name="mine_withdraw"),
    path("mine/close/", public.mine_close, name="mine_close"),
    path("mine/form.pdf", public.mine_form, name="mine_form"),
    path("<uuid:application_id>/", one.show, name="show"),
    path("<uuid:application_id>/edit/", one.edit, name="edit"),
    path("<uuid:application_id>/papers/", one.attach, name="attach"),
    path("<uuid:application_id>/papers/<uuid:attachment_id>/", one.paper, name="paper"),
    path("<uuid:application_id>/papers/<uuid:attachment_id>/pages/", one.paper_pages, name="paper_pages"),
    path("<uuid:application_id>/papers/<uuid:attachment_id>/pages/<int:page>.svg", one.paper_page, name="paper_page"),
    path("<uuid:application_id>/papers/<uuid:attachment_id>/remove/", one.detach, name="detach"),
    path("<uuid:application_id>/submit/", one.submit, name="submit"),
    path("<uuid:application_id>/withdraw/", one.withdraw, name="withdraw"),
    path("<uuid:application_id>/accept/", one.accept, name="accept"),
    path("<uuid:application_id>/approve/", one.approve, name="approve"),
    path("<uuid:application_id>/send-back/", one.send_back, name="send_back"),
    path("<uuid:application_id>/refuse/", one.refuse, name="refuse"),
    path("<uuid:application_id>/foresee/", one.foresee, name="foresee"),
    path("<uuid:application_id>/carry-out/", one.carry_out, name="carry_out"),
    path("<uuid:application_id>/password/", one.hand_over, name="hand_over"),
    path("<uuid:application_id>/seals-back/", one.take_back_seals, name="take_back_seals"),
    path("<uuid:application_id>/form.pdf", one.form, name="form"),
]
