"""What colleagues tell each other about a customer."""

from datetime import datetime

from django.utils.translation import gettext as _

from customers.models import CustomerNote
from customers.operations.keep_customer import living
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal


@operation
def write_note(*, customer_id: int, text: str, is_pinned: bool = False, by: Actor, now: datetime) -> CustomerNote:
    """Signed and dated."""
    customer = living(customer_id)
    return CustomerNote.objects.create(
        customer=customer, text=text, is_pinned=is_pinned, written_at=now, written_by_id=by.user_id, actor=by.label
    )


@operation
def pin_note(*, note_id: int, is_pinned: bool) -> CustomerNote:
    """Keep it on top, or let it go back into its place."""
    note = _open(note_id)
    note.is_pinned = is_pinned
    note.save(update_fields=["is_pinned"])
    return note


@operation
def hide_note(*, note_id: int, reason: str, by: Actor, now: datetime) -> CustomerNote:
    """A wrong or unkind note disappears from the page and stays in the story, with who hid it and why."""
    note = _open(note_id)
    note.hidden_at, note.hidden_by, note.hidden_reason, note.is_pinned = now, by.label, reason, False
    note.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "is_pinned"])
    return note


def _open(note_id: int) -> CustomerNote:
    note = CustomerNote.objects.select_for_update().get(pk=note_id)
    if note.hidden_at is not None:
        raise Refusal("note_hidden", _("This note was hidden before."))
    return note
