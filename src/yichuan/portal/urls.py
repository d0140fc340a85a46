from django.urls import path

from yichuan.portal.views import workbench

app_name = "portal"
urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("arrive/", workbench.arrive, name="arrive"),
    path("nav/", workbench.nav, name="nav"),
]
