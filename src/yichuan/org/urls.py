from django.urls import path

from yichuan.org.views.desk import choose_unit

app_name = "org"
urlpatterns = [path("unit/", choose_unit, name="choose_unit")]
