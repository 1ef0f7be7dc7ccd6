"""What every page and every file of the house has around it."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.views import APIView

from omni.core.rest.scopes import HasScope
from omni.core.views import schema


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/api/docs/", "/hq/login/", "/nothing-here/"])
def test_every_page_has_a_strict_policy(client, path):
    answer = client.get(path, follow=True)
    policy = answer["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert "unsafe" not in policy
    assert directives["default-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["object-src"] == directives["base-uri"] == "'none'"
    assert directives["img-src"] == "'self' data:"
    assert not re.search(r"https?:", policy)
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/locations", "/api/v1/nothing-here"])
def test_what_machines_are_told_has_the_policy_of_a_page_without_scripts(client, path):
    answer, page = client.get(path), client.get("/sign-in/")
    assert "json" in answer["Content-Type"]
    without_nonce = re.sub(r" 'nonce-[^']+'", "", page["Content-Security-Policy"])
    assert sorted(answer["Content-Security-Policy"].split("; ")) == sorted(without_nonce.split("; "))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/api/docs/"])
def test_no_page_has_a_script_or_style_that_the_policy_forbids(client, path):
    html = client.get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\b(src|nonce)=)", html)
    assert not re.search(r"<style(?![^>]*\bnonce=)", html)
    assert not re.search(r"\s(style|on\w+)=", html)
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", html)


@pytest.mark.django_db
def test_the_documentation_loads_only_what_is_here(client):
    html = client.get("/api/docs/").content.decode()
    files = re.findall(r'(?:src|href)="/static/([^"?]+)', html)
    assert any(name.endswith("swagger-ui-bundle.js") for name in files)
    assert all(finders.find(name) for name in files)
    script = re.search(r'src="(/api/docs/[^"]*script[^"]*)"', html)
    assert script
    assert client.get(script[1].replace("&amp;", "&"))["Content-Type"].startswith("application/javascript")


@pytest.mark.django_db
def test_the_schema_is_open_to_everybody_and_of_the_newest_kind(client):
    answer = client.get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    schema = answer.json()
    assert schema["openapi"] == "3.1.0"
    post = schema["paths"]["/api/v1/webhook-endpoints"]["post"]
    assert [name["name"] for name in post["parameters"]] == ["Idempotency-Key"]
    assert {"201", "400", "401", "403", "409", "422", "429", "503"} <= set(post["responses"])
    problem = post["responses"]["409"]["content"]
    assert list(problem) == ["application/problem+json"]
    assert "Scope: `webhooks:write`" in post["description"]
    assert post["requestBody"]["content"]["application/json"]["examples"]


@pytest.mark.django_db
def test_the_schema_is_written_once_in_each_form_and_language(client, monkeypatch):
    written = []
    get_schema = SchemaGenerator.get_schema
    monkeypatch.setattr(schema, "_written", {})
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *a, **k: written.append(1) or get_schema(*a, **k))

    def read(accept, **query):
        return client.get("/api/v1/schema/", query, headers={"Accept": accept})

    first, again = (read("application/vnd.oai.openapi+json") for _ in range(2))
    assert first.content == again.content
    assert first.headers.items() == again.headers.items() - {("X-Request-ID", again["X-Request-ID"])} | {
        ("X-Request-ID", first["X-Request-ID"])
    }
    assert "/api/v1/schema/" not in again.json()["paths"]
    assert len(written) == 1
    assert read("application/vnd.oai.openapi").content.startswith(b"openapi: 3.1.0")
    assert len(written) == 2
    assert read("application/vnd.oai.openapi+json", version="9").json()["info"]["version"].endswith("9)")
    assert len(written) == 3
    assert read("application/vnd.oai.openapi+json").content == first.content


def api_routes():
    def walk(patterns, prefix=""):
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern) and path.startswith("api/v1/"):
                view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
                yield path, view

    return [(path, view) for path, view in walk(get_resolver("omni.urls").url_patterns) if path != "api/v1/schema/"]


@pytest.mark.parametrize(("path", "view"), api_routes(), ids=[path for path, _view in api_routes()])
def test_every_method_of_the_api_names_its_scope(path, view):
    assert issubclass(view, APIView)
    assert any(issubclass(permission, HasScope) for permission in view.permission_classes), "open to everybody"
    methods = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
    assert methods
    assert methods == set(view.required_scopes)
    assert all(re.fullmatch(r"[a-z-]+:(read|write)", scope) for scope in view.required_scopes.values())


@pytest.mark.parametrize(("path", "view"), api_routes(), ids=[path for path, _view in api_routes()])
def test_every_post_of_the_api_asks_for_an_idempotency_key(path, view):
    post = getattr(view, "post", None)
    if getattr(view, "only_reads", False):  # a question too long for an address: asked again, it is answered anew
        assert set(view.required_scopes.values()) == {"orders:read"}
        return
    assert post is None or getattr(post, "is_idempotent", False)
    assert not path.endswith("/")


@pytest.mark.django_db
def test_an_address_typed_without_its_slash_is_found(client):
    assert client.get("/sign-in")["Location"] == "/sign-in/"
    assert client.get("/api/docs")["Location"] == "/api/docs/"
    assert client.get("/api/v1/nothing").status_code == 404


def test_files_are_served_with_an_etag_and_asked_for_again(client):
    answer = client.get("/static/css/tokens.css")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "max-age=0, public"
    assert client.get("/static/css/tokens.css", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_file_asked_for_by_its_version_is_kept_and_by_another_it_is_not(client):
    address = static("css/tokens.css")
    assert "?v=" in address
    assert client.get(address)["Cache-Control"] == "max-age=31536000, public, immutable"
    assert client.get(f"{address}0")["Cache-Control"] == "max-age=0, public"
    assert client.get("/static/css/none.css?v=").status_code == 404
