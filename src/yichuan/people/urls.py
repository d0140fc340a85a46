from django.urls import path

from yichuan.people.views import session

app_name = "people"
urlpatterns = [
    path("login/", session.log_in, name="log_in"),
    path("session/", session.state, name="session"),
    path("logout/", session.log_out, name="log_out"),
    path("password/", session.change_password, name="change_password"),
]
