"""Before HQ opens: a code of the authenticator app; set up once, with the password."""

import base64
from typing import Any

import django_otp
from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from omni.core.operations.second_step import confirm_app, has_second_step, waiting_app
from omni.core.ui.codes import qr_svg
from omni.core.web import signed_in

CODE_ATTRS = {"inputmode": "text", "autocomplete": "one-time-code", "spellcheck": "false"}


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=16, widget=forms.TextInput(attrs=CODE_ATTRS),
        help_text=gettext_lazy("The six digits your app shows now, or one of your recovery codes."),
    )  # fmt: skip

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).lower()


class SetUpForm(CodeForm):
    """The password once more, because a PIN alone must not be enough to set this up."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ["password", "code"]

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["code"].help_text = gettext_lazy("The six digits your app shows now.")

    def clean_password(self) -> str:
        username = self.request.user.get_username()
        if authenticate(self.request, username=username, password=self.cleaned_data["password"]) is None:
            raise forms.ValidationError(_("That is not your password."))
        return ""


@signed_in
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a wrong one makes the next wait longer each time."""
    if not has_second_step(request.user):  # type: ignore[arg-type]
        return redirect(f"{request.path}set-up/?{request.GET.urlencode()}")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = django_otp.match_token(request.user, form.cleaned_data["code"])
        if device is not None:
            django_otp.login(request, device)
            request.session.cycle_key()
            return redirect(_wanted(request))
        form.add_error("code", _wait_words(request.user))
    context = {"form": form, "next": _next(request)}
    return render(request, "core/second_step.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the QR code until a first code was right, then the recovery codes, once."""
    user: Any = request.user
    if has_second_step(user) and not user.is_verified():
        return redirect("second-step")
    app = waiting_app(user)
    form = SetUpForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        if app.verify_token(form.cleaned_data["code"]):
            codes = confirm_app(app=app, user=user, now=timezone.now())
            django_otp.login(request, app)
            request.session.cycle_key()
            return render(request, "core/recovery_codes.html", {"codes": codes, "next": _wanted(request)})
        form.add_error("code", _wait_words(user, app))
    return render(request, "core/second_step_set_up.html", {
        "form": form, "qr": qr_svg(app.config_url, label=_("QR code for the authenticator app")),
        "secret": _secret(app), "next": _next(request), "is_new": has_second_step(user),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _wait_words(user: Any, app: TOTPDevice | None = None) -> str:
    """Wrong, or too soon after a wrong one: django-otp doubles the pause with each."""
    devices = [app] if app else list(django_otp.devices_for_user(user))
    pauses = [device.verify_is_allowed() for device in devices]
    if pauses and not any(allowed for allowed, _why in pauses):
        return _("That code is wrong, or it came too soon after a wrong one. Wait a moment, then type a fresh one.")
    return _("That code is wrong. Type the one that the app shows now.")


def _secret(app: TOTPDevice) -> str:
    """What to type where no camera is, in groups of four."""
    text = base64.b32encode(app.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _next(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def _wanted(request: HttpRequest) -> str:
    wanted = _next(request)
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else reverse("admin:index")
