"""The door to the return desk."""

from django.utils.translation import gettext_lazy as _

from omni.core.tabs import register
from returns.models import ReturnOrder


def _begun(location) -> int:
    return ReturnOrder.objects.open().filter(location=location).count()


register(45, _("Returns"), "returns:desk", _begun)
