"""The door to the return desk."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from omni.core.tabs import register
from returns.models import ReturnOrder


def _begun(location) -> QuerySet:
    return ReturnOrder.objects.open().filter(location=location)


register(45, _("Returns"), "returns:desk", _begun)
