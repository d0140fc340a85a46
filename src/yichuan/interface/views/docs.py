"""The page that explains the interface, from the very schema, and the schema itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.common.permissions import PUBLIC, requires
from yichuan.interface.api.site import schema
from yichuan.interface.examples import example_of
from yichuan.interface.problems import PROBLEMS


@requires(PUBLIC)
@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with what it takes and tells, and every code. Nothing is fetched from anywhere else."""
    described = schema()
    schemas = described["components"]["schemas"]
    operations = [
        _operation(path, method, each, schemas)
        for path, methods in described["paths"].items()
        for method, each in methods.items()
    ]
    tags = list(dict.fromkeys(each["tag"] for each in operations))
    groups = [{"tag": tag, "operations": [each for each in operations if each["tag"] == tag]} for tag in tags]
    context = {"about": described["info"], "groups": groups, "problems": PROBLEMS.items()}
    return render(request, "interface/docs.html", context)


@requires(PUBLIC)
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _operation(path: str, method: str, each: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    content = each.get("requestBody", {}).get("content", {})
    takes = [
        {"type": kind, "example": example_of(taken, schemas) if "json" in kind else ""}
        for kind, taken in content.items()
    ]
    tells = []
    for status, response in sorted(each["responses"].items(), key=lambda pair: int(pair[0])):
        kinds = response.get("content", {})
        kind, told = next(iter(kinds.items()), ("", {}))
        fine = int(status) < 400
        example = example_of(told, schemas) if fine and kind == "application/json" else ""
        tells.append({"status": status, "type": kind, "said": response["description"], "example": example, "ok": fine})
    return {
        "id": each["operationId"],
        "tag": (each.get("tags") or [""])[0],
        "method": method.upper(),
        "path": path,
        "summary": each["summary"],
        "description": each.get("description", ""),
        "open": not each.get("security"),
        "parameters": each["parameters"],
        "takes": takes,
        "tells": tells,
    }
