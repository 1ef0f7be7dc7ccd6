"""What each screen is for, in one sentence, for whoever sees it for the first time; each app says it of its own."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_said: dict[str, Any] = {}


def explain(**sentences: Any) -> None:
    """`explain(orders__queue=...)`: the sentence of the URL name `orders:queue`."""
    _said.update({name.replace("__", ":", 1): sentence for name, sentence in sentences.items()})


def sentence(request: HttpRequest) -> str:
    """The sentence of the screen that answers this request, or nothing."""
    match = getattr(request, "resolver_match", None)
    return str(_said.get(match.view_name, "")) if match else ""


def explained() -> frozenset[str]:
    """URL names that have their sentence."""
    return frozenset(_said)


_said["second-step"] = _("HQ opens with the code that your authenticator app shows now.")
_said["second-step-set-up"] = _("Connect an authenticator app once; afterwards HQ asks for its code.")
