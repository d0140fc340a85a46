"""The addresses of custody and openings."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
