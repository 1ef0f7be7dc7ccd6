"""The doors at which partners leave their messages."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from omni.core.inbound import NotTrusted, Unreadable, receive
from omni.core.problems import problem_response

LARGEST = 256 * 1024


@csrf_exempt
@require_POST
def hook(request: HttpRequest, source: str) -> HttpResponse:
    """Check, store, say thanks: 202. What it means is worked out afterwards, so that the sender never waits."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LARGEST:
        return problem_response(413, "too_large", _("At most 256 KiB."))
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        is_new = receive(source, body=request.body, headers=headers, now=timezone.now())
    except LookupError:
        return problem_response(404, "unknown_source", _("Nobody by this name sends us messages."))
    except NotTrusted as error:
        return problem_response(401, "bad_signature", str(error))
    except Unreadable as error:
        return problem_response(400, "unreadable", str(error))
    return JsonResponse({"status": "accepted" if is_new else "known"}, status=202)
