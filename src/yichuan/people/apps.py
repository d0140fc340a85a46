from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yichuan.people"
    label = "people"
