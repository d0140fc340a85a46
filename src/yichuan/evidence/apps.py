from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "yichuan.evidence"
    label = "evidence"
