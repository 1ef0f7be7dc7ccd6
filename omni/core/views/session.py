"""Coming and going."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from omni.core import preferences
from omni.core.access import can, is_partner
from omni.core.device_session import LOCKED, bind, device_of, is_locked, leave_nothing, locked_person, unlock
from omni.core.settings_store import setting

PARTNER_PAGE = "orders:partner"
WAY = "by"  # ?by=password on an enrolled device, where PINs are the usual way


class SignInForm(AuthenticationForm):
    """Name and password, as far as this device takes them from this person."""

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        enrolled = self.request is not None and device_of(self.request) is not None
        if not (enrolled or setting(preferences.PASSWORD_ANYWHERE) or user.is_superuser or can(user, "staff")
                or is_partner(user)):  # fmt: skip
            raise ValidationError(_("Sign in on one of your store’s own devices, with your PIN."), code="device_only")


class SignIn(LoginView):
    """One door for everybody; five wrong tries close it for a quarter of an hour."""

    template_name = "core/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and request.GET.get(WAY) != "password":
            if is_locked(request):
                return redirect("inventory:lock")
            if device_of(request) is not None and not request.user.is_authenticated:
                wanted = request.GET.get(self.redirect_field_name, "")
                query = f"?{urlencode({self.redirect_field_name: wanted})}" if wanted else ""
                return redirect(f"{reverse('inventory:switch')}{query}")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """The same person goes on where a lock stopped them; another one begins anew."""
        user, before, device = form.get_user(), locked_person(self.request), device_of(self.request)
        if before == user and self.request.session.get(LOCKED):
            where, _held = unlock(self.request, user)
            return redirect(where)
        if before is not None:
            self.request.session.flush()
        response = super().form_valid(form)
        if device is not None:
            bind(self.request, device)
        if before is not None:
            leave_nothing(response)
        return response

    def get_success_url(self) -> str:
        """Where somebody else wanted to go is no business of this one."""
        if is_partner(self.request.user):
            return reverse(PARTNER_PAGE)
        return settings.LOGIN_REDIRECT_URL if is_locked(self.request) else super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"device": device_of(self.request), "second_step": settings.HQ_SECOND_STEP}
        return super().get_context_data(**kwargs, **more)


class SignOut(LogoutView):
    """Leave nothing of this person on a shared device: cached pages and stored drafts go with the session."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "POST":
            leave_nothing(response)
        return response


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
