"""The addresses of sessions of three parties."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
