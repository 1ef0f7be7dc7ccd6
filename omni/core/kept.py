"""What a device may keep while the network is away: pages of work, and acts that can be sent again.

The device names its person by a key that says nothing about them; the server compares it, so that nothing kept for one
person is ever shown or sent under another.
"""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

KEEP = "Omni-Keep"  # on an answer: this page may be kept
PERSON = "Omni-Person"  # on an answer: who is signed in now, "none" for nobody
KEPT_BY = "Omni-Kept-By"  # on a request: an act that was kept, and who did it
KEPT_AT = "Omni-Kept-At"  # ... and in which store
KEPT_AGE = "Omni-Kept-Age"  # ... and how many milliseconds ago, by a clock that need not be right
LONGEST = timedelta(days=30)
WAITING = "omni_waiting"  # a cookie that the device sets while something is kept on it
NOBODY = "none"

View = Callable[..., HttpResponse]


def person_key(user_id: object) -> str:
    """The same for the same person on every device, and not to be guessed."""
    return salted_hmac("omni.person", str(user_id)).hexdigest()[:24]


def is_kept_act(request: HttpRequest) -> bool:
    """True for an act that waited on its device."""
    return KEPT_BY in request.headers


def done_at(request: HttpRequest, now: datetime) -> datetime:
    """When an act was really done: now, or as long ago as its device says that it waited."""
    age = request.headers.get(KEPT_AGE, "") if is_kept_act(request) else ""
    return now - min(timedelta(milliseconds=int(age)), LONGEST) if age.isdecimal() and len(age) < 13 else now


def is_by(request: HttpRequest, user_id: object) -> bool:
    """True where the kept act was done by this person."""
    return constant_time_compare(request.headers.get(KEPT_BY, ""), person_key(user_id))


def kept_offline(view: View) -> View:
    """A page of work that the device shows again while the network is away. Never on pages of customers or money."""

    @functools.wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        is_page = request.method == "GET" and response.status_code == 200 and "HX-Request" not in request.headers
        if is_page and request.user.is_authenticated:
            response[KEEP] = "yes"
        return response

    return marked
