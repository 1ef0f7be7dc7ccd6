"""A request sent twice happens once: the second gets the first one's answer."""

import functools
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, transaction
from django.db.models.functions import Now
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from omni.core.models import IdempotencyKey
from omni.core.operation import retry
from omni.core.prepared import prepared
from omni.core.refusals import Refusal
from omni.core.rest.keys import api_key
from omni.core.sqlstates import LOCK_TIMEOUT, sqlstate

HEADER = "Idempotency-Key"
ACCEPTED = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_HEADERS = ("Location",)
RETRY_AFTER = 1  # seconds

Handler = Callable[..., HttpResponse]
INSERT = """
    INSERT INTO core_idempotencykey (principal, key, method, path, body_digest, response_headers, created_at)
    VALUES (%s, %s, %s, %s, %s, '{}', statement_timestamp())
    ON CONFLICT (principal, key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Asked:
    """What makes a request the same request."""

    principal: str
    key: str
    method: str
    path: str
    body_digest: str

    def is_same_as(self, row: IdempotencyKey) -> bool:
        """True where the stored request was this one."""
        return (self.method, self.path, self.body_digest) == (row.method, row.path, row.body_digest)


def idempotent(handler: Handler) -> Handler:
    """For the methods of API views that change something.

    One transaction holds the key, the effects and the answer, so a crash leaves all or nothing. Only 2xx is
    stored; anything else takes the key back with the effects. Two queries beside the handler's own.
    """

    @functools.wraps(handler)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = _asked(request)
        return retry(lambda: _answered(asked, lambda: handler(view, request, *args, **kwargs)))

    once.is_idempotent = True  # type: ignore[attr-defined]
    return once


def idempotent_by_itself(handler: Handler) -> Handler:
    """For uploads, whose effect keeps the key in a row of its own: their body is too long to be kept for comparison."""
    handler.is_idempotent = True  # type: ignore[attr-defined]
    return handler


def idempotency_key(request: Request) -> str:
    """The key of a request that changes something; refuses one without, or with one that cannot be a header."""
    key = request.headers.get(HEADER)
    if key is None:
        raise Refusal(
            "idempotency_key_required",
            _("Send an Idempotency-Key header, so that a repeated request does not happen twice."),
            status=400,
        )
    if not ACCEPTED.fullmatch(key):
        raise Refusal("idempotency_key_invalid", _("Idempotency-Key is 1 to 255 visible ASCII characters."), status=400)
    return key


def _asked(request: Request) -> Asked:
    key = idempotency_key(request)
    # Read the body through rest_framework first: it answers for what is too large or cannot be parsed.
    _parsed = request.data
    return Asked(
        principal=str(api_key(request).lineage),
        key=key,
        method=request.method or "",
        path=request.get_full_path()[:500],
        body_digest=hashlib.sha256(request._request.body).hexdigest(),
    )


def _answered(asked: Asked, handle: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        mine = _begin(asked)
        if mine is None:
            return _again(asked)
        response = handle()
        if not 200 <= response.status_code < 300:
            transaction.set_rollback(True)
            return response
        return _keep(mine, response)


def _begin(asked: Asked) -> int | None:
    """The id of the new row; None where the key was used. A twin in progress is waited for, within the lock timeout."""
    try:
        with prepared() as cursor:
            cursor.execute(INSERT, [asked.principal, asked.key, asked.method, asked.path, asked.body_digest])
            row = cursor.fetchone()
    except OperationalError as error:
        if sqlstate(error) == LOCK_TIMEOUT:
            raise Refusal(
                "in_progress",
                _("The same request is still being worked on. Send it again in a moment."),
                retry_after=RETRY_AFTER,
            ) from error
        raise
    return row[0] if row else None


def _again(asked: Asked) -> HttpResponse:
    row = IdempotencyKey.objects.get(principal=asked.principal, key=asked.key)
    if not asked.is_same_as(row):
        raise Refusal(
            "idempotency_key_reused",
            _("This Idempotency-Key was used for another request. Use a new one for each request."),
            status=422,
        )
    response = _response(row.response_status or 200, row.response_body or "", row.response_headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(mine: int, response: HttpResponse) -> HttpResponse:
    data = response.data if isinstance(response, Response) else None
    body = JSONRenderer().render(data).decode() if data is not None else ""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    IdempotencyKey.objects.filter(pk=mine).update(
        response_status=response.status_code, response_body=body, response_headers=headers, finished_at=Now()
    )
    return _response(response.status_code, body, headers)


def _response(status: int, body: str, headers: dict[str, str]) -> HttpResponse:
    """The answer as stored, byte for byte, the first time too."""
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)
