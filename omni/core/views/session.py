"""Coming and going."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse


class SignIn(LoginView):
    """One door for everybody; five wrong tries close it for a quarter of an hour."""

    template_name = "core/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Leave nothing of this person on a shared device: cached pages and stored drafts go with the session."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
