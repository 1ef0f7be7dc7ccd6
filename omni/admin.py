"""The HQ site: Django's admin under our own name, opened by capability."""

from collections.abc import Iterable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from omni.core.access import can
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import ENTRY
from omni.core.hq.tiles import tiles
from omni.core.refusals import NotAllowed


class HqSite(AdminSite):
    """HQ configures here; corrections go through the same operations as the shop floor's."""

    site_header = _("HQ")
    site_title = _("HQ")
    index_title = _("HQ")
    index_template = "admin/hq/index.html"
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages that ask our table of capabilities; those that other packages bring along do not."""
        if admin_class is not None and issubclass(admin_class, HqAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Managers see their stores, HQ sees everything; nobody else has work here."""
        return any(can(request.user, capability) for capability in ENTRY)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """One sign-in for all; who is signed in and has no work here reads so."""
        guarded = super().admin_view(view, cacheable)

        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("sign-in"))
            if not self.has_permission(request):
                refusal = NotAllowed("hq_only", _("HQ is for managers and headquarters. Your work is in the store."))
                return render(request, "core/refused.html", {"refusal": refusal}, status=403)
            if settings.HQ_SECOND_STEP and not request.user.is_verified():  # type: ignore[attr-defined]
                return redirect_to_login(request.get_full_path(), reverse("second-step"))
            return guarded(request, *args, **kwargs)

        return update_wrapper(opened, guarded)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("sign-in"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """A page of ours signs out by its own form; this address is only where Django expects one."""
        return redirect("sign-in")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"tiles": tiles(request), "sections": self.sections(request), "title": _("HQ")}
        return super().index(request, context | (extra_context or {}))

    def sections(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The lists that this person may open, in the words of the trade."""
        found: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        for app in self.get_app_list(request):
            for entry in app["models"]:
                page = self._registry[entry["model"]]
                entry["pages"] = [(reverse(name), label) for name, label in page.pages]  # type: ignore[attr-defined]
                found.setdefault(str(page.section), []).append((page.position, entry))  # type: ignore[attr-defined]
        return [
            {"name": name, "lists": [entry for _position, entry in sorted(pages, key=lambda page: page[0])]}
            for name, pages in sorted(found.items(), key=lambda section: _first(section[1]))
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Django puts it into the context of every page, and most never read it: it is made where somebody does."""
        whole = super().get_app_list
        return SimpleLazyObject(lambda: [app for app in whole(request, app_label) if app["models"]])


def _first(pages: Iterable[tuple[int, Any]]) -> int:
    return min(position for position, _entry in pages)
