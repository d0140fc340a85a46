from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "yichuan.web"
    label = "web"
    verbose_name = "页面"
