from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "yichuan.keys"
    label = "keys"
