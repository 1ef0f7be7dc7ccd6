"""Text messages: the port through which they leave, and the adapters behind it."""

from django.conf import settings
from django.utils.module_loading import import_string

from orders.sms.port import Sent, SmsRefused, SmsSender

__all__ = ["Sent", "SmsRefused", "SmsSender", "sender"]


def sender() -> SmsSender:
    """The adapter named by `OMNI_SMS_SENDER`; by default texts are written to the console."""
    adapter: type[SmsSender] = import_string(settings.SMS_SENDER)
    return adapter()
