"""The page between a wish and its deed: what will happen to which rows, and why."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from omni.core.hq.acts import MOST_AT_ONCE, Act, Asked, Outcome, carry_out


def to_act_page(model_admin: Any, request: HttpRequest, _queryset: Any) -> HttpResponse:
    """From the ticked rows of a list to the page of the act; only what was ticked, never "all pages"."""
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST_AT_ONCE]
    url = reverse(f"admin:{_name(model_admin)}_act", args=[request.POST["action"]])
    return redirect(f"{url}?{urlencode([('pk', pk) for pk in ticked])}")


def act_page(model_admin: Any, request: HttpRequest, name: str) -> HttpResponse:
    """GET asks, POST does; a refusal keeps what was typed."""
    act = model_admin.allowed_acts(request).get(name)
    if act is None:
        raise Http404
    rows = _chosen(model_admin, request, act)
    form = act.form(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asked = Asked(request.user, timezone.now(), form.cleaned_data)  # type: ignore[arg-type]
            outcome = carry_out(act, rows, asked)
            if outcome.shown_once:
                return _show_once(model_admin, request, outcome)
            if outcome.changed or len(rows) > 1:
                _tell(request, act, outcome)
                return redirect(_back(model_admin, request, rows))
            for refusal in outcome.refusals or []:
                form.add_error(None, str(refusal.message))
                status = refusal.status
    return render(request, "admin/hq/act.html", _context(model_admin, request, act, rows, form), status=status)


def _chosen(model_admin: Any, request: HttpRequest, act: Act) -> list[Any]:
    """The rows, within what the person may do this to; one that is not theirs does not exist."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = list(dict.fromkeys(asked.getlist("pk")))[:MOST_AT_ONCE]
    key = model_admin.opts.pk
    try:
        keys = [key.to_python(pk) for pk in wanted]
    except ValidationError as error:
        raise Http404 from error
    rows = model_admin.within(request, model_admin.get_queryset(request), act.capability).filter(pk__in=keys)
    rows = list(rows.order_by("pk"))
    if not rows or len(rows) != len(keys):
        raise Http404
    return rows


def _tell(request: HttpRequest, act: Act, outcome: Outcome) -> None:
    if outcome.changed:
        messages.success(request, act.done(outcome.changed))
    for sentence in dict.fromkeys(str(refusal.message) for refusal in outcome.refusals or []):
        messages.error(request, sentence)


def _back(model_admin: Any, request: HttpRequest, rows: list[Any]) -> str:
    if request.POST.get("from") == "page":
        return reverse(f"admin:{_name(model_admin)}_change", args=[rows[0].pk])
    return reverse(f"admin:{_name(model_admin)}_changelist")


def _show_once(model_admin: Any, request: HttpRequest, outcome: Outcome) -> HttpResponse:
    context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "once": outcome.shown_once}
    return render(request, "admin/hq/shown_once.html", context)


def _context(model_admin: Any, request: HttpRequest, act: Act, rows: list[Any], form: Any) -> dict[str, Any]:
    came_from = (request.POST if request.method == "POST" else request.GET).get("from", "")
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(act.label).rstrip("…"),
        "act": act,
        "about": act.about(rows) if act.about else "",
        "rows": [{"pk": row.pk, "name": model_admin.row_name(row)} for row in rows],
        "form": form,
        "came_from": "page" if came_from == "page" else "",
        "section": model_admin.section,
    }


def _name(model_admin: Any) -> str:
    return f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
