from django.urls import path

from yichuan.org.views import contacts, desk, offices, person, posts, staff

app_name = "org"
urlpatterns = [
    path("unit/", desk.choose_unit, name="choose_unit"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.open_account, name="open_account"),
    path("staff/administrators/", staff.unit_admins, name="unit_admins"),
    path("staff/find/", staff.find_person, name="find_person"),
    path("staff/<uuid:account_id>/", person.person, name="person"),
    path("staff/<uuid:account_id>/edit/", person.edit, name="edit_person"),
    path("staff/<uuid:account_id>/suspend/", person.suspend, name="suspend_person"),
    path("staff/<uuid:account_id>/resume/", person.resume, name="resume_person"),
    path("staff/<uuid:account_id>/unlock/", person.unlock, name="unlock_person"),
    path("staff/<uuid:account_id>/reset/", person.reset, name="reset_person"),
    path("staff/<uuid:account_id>/slip/", person.slip, name="slip"),
    path("staff/<uuid:account_id>/leave/", person.leaving, name="leave"),
    path("offices/", offices.offices, name="offices"),
    path("offices/<uuid:office_id>/rename/", offices.rename, name="rename_office"),
    path("offices/<uuid:office_id>/move/", offices.move, name="move_office"),
    path("offices/<uuid:office_id>/box/", offices.open_box, name="open_office_box"),
    path("offices/<uuid:office_id>/close/", offices.close, name="close_office"),
    path("posts/", posts.posts, name="posts"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/<uuid:unit_id>/", contacts.contact, name="contact"),
]
