"""People: who they are, and which role they have where."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from omni.core.hq.acts import Act, Asked, ShownOnce
from omni.core.hq.base import HqAdmin, LabelledInline
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.scope_field import ScopeField
from omni.core.hq.show import NOTHING, link
from omni.core.models import Grant, User
from omni.core.operations.second_step import reset_second_step
from omni.core.operations.set_pin import reset_pin
from omni.core.scope_names import names

PEOPLE = _("People and keys")


class GrantForm(forms.ModelForm):
    """A role, and the place where it holds."""

    scope = ScopeField(label=_("Where"), help_text=_("A store's or group's code; empty means everywhere."))

    class Meta:
        model = Grant
        fields = ["role", "scope"]


class GrantInline(LabelledInline):
    """The roles of one person; taking one away is the one thing in HQ that removes a row (the log keeps it)."""

    model = Grant
    form = GrantForm
    extra = 1
    verbose_name = _("role")
    verbose_name_plural = _("roles")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User


class NewPersonForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "display_name")


def _reset_pin(user: User, asked: Asked) -> ShownOnce:
    return ShownOnce(
        title=_("The temporary PIN of %(name)s") % {"name": user.shown_name},
        secret=reset_pin(user=user, by=asked.by, now=asked.now),
        text=_("Tell it to nobody else. With it they sign in at an enrolled device and choose an own PIN."),
    )


RESET_PIN = Act(
    "reset_pin", _("Give a temporary PIN…"), CONFIGURE, _reset_pin,
    done=lambda n: ngettext("%d PIN was reset.", "%d PINs were reset.", n) % n,
    text=_("The present PIN stops working at once, and a locked one is unlocked. The new one is shown once."),
)  # fmt: skip


RESET_SECOND_STEP = Act(
    "reset_second_step", _("Forget the authenticator app…"), CONFIGURE,
    lambda user, asked: reset_second_step(user=user, by=asked.by, now=asked.now),
    done=lambda n: ngettext("%d person sets the second step up anew.", "%d people set the second step up anew.", n) % n,
    text=_("For a lost phone. They set it up anew with their password before they see HQ again."),
)  # fmt: skip


@admin.register(User)
class PersonAdmin(HqAdmin, UserAdmin):
    """The staff. Who leaves is made inactive, and stays in history."""

    section, position = PEOPLE, 50
    adds = changes = CONFIGURE
    form, add_form = PersonForm, NewPersonForm
    change_form_template = "admin/hq/with_places.html"
    inlines = [GrantInline]
    acts = (RESET_PIN, RESET_SECOND_STEP)
    list_filter = ["is_active", "grants__role"]
    finds = {"username": "part", "display_name": "part", "email": "part"}
    filter_horizontal = ()
    readonly_fields = ["new_password", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "display_name", "email", "new_password"]}),
        (_("Access"), {"fields": ["is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "display_name", "usable_password", "password1", "password2"]})]

    @admin.display(description=_("password"))
    def new_password(self, user: User) -> str:
        """Never a part of its fingerprint, only the way to a new one."""
        return link(_("Set a new password"), "../password/")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("grants")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The owner of the system is changed by an owner only."""
        owner = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not owner and super().has_change_permission(request, obj)

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["username", "shown_name", _roles_column(names()), "is_active", "last_login"]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, context | {"places": names().values()}, *args, **kwargs)


def _roles_column(places: Mapping[str, str]) -> Callable[[User], str]:
    """The names of all places are read once for the list, not once per person."""

    @admin.display(description=_("roles"))
    def roles(user: User) -> str:
        if user.is_superuser:
            return str(_("Owner of the system"))
        where = [
            f"{grant.get_role_display()} · {places.get(grant.scope, grant.scope) if grant.scope else _('everywhere')}"
            for grant in user.grants.all()
        ]
        return ", ".join(where) or NOTHING

    return roles
