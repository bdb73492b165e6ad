"""The page that shows the OpenAPI document to people, and the errors that every operation may answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template

blueprint = Blueprint("api_docs", __name__, template_folder="templates")


@blueprint.get("/api")
def page() -> str:
    """The API for people: every operation, from the same document that programs read."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].document()
    return render_template("api/docs.html", spec=spec, operations=_operations(spec))


def _operations(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Tag to its operations, in the order of the document."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, verbs in spec["paths"].items():
        for verb, operation in verbs.items():
            if verb in ("get", "post", "put", "patch", "delete"):
                tag = (operation.get("tags") or ["other"])[0]
                found.setdefault(tag, []).append({"verb": verb.upper(), "path": path, **operation})
    return found
