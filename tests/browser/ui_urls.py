"""The house with the pattern page and a desk that answers scans when the test says so."""

import threading

from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from omni.core.ui import patterns

PAGE = """{% extends "base.html" %}{% load omni_ui %}{% block title %}Desk{% endblock %}{% block main %}<h1>Desk</h1>
{% include "components/scan_field.html" with action="/desk/" target="#heard" only %}<p id="heard"></p>
<button class="button" type="button" id="elsewhere">Elsewhere</button>
<div id="queue" data-etag="" hx-get="/queue/" hx-trigger="every 100ms, refresh">
  <label>Find <input id="find"></label></div>{% endblock %}"""

may_answer = threading.Event()
heard: list[tuple[str, str]] = []
asked: list[str | None] = []


def desk(request):
    if request.method == "GET":
        return HttpResponse(engines["django"].from_string(PAGE).render({}, request))
    may_answer.wait(10)
    code = request.POST["code"]
    heard.append((code, request.POST["scan_key"]))
    if code == "WRONG":
        response = render(request, "components/notice.html", {"text": "Wrong item.", "tone": "stop"}, status=403)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
        return response
    return HttpResponse(f'<p id="heard">{" ".join(code for code, _ in heard)}</p>')


def queue(request):
    asked.append(request.headers.get("If-None-Match"))
    if asked[-1] == '"1"':
        return HttpResponse(status=304)
    drawn = '<label>Find <input id="find"></label><b id="drawn">Drawn</b>'
    return HttpResponse(drawn, headers={"ETag": '"1"'})


urlpatterns = [
    path("ui/", patterns.patterns, name="ui"),
    path("ui/paper/<str:paper>/", patterns.paper),
    path("desk/", desk),
    path("queue/", queue),
    path("", include("omni.urls")),
]
