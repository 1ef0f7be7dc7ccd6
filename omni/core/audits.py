"""What must hold between the kernel's own rows."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext_lazy as _

from omni.core.checks import Violators, check
from omni.core.models import StateChange
from omni.core.states import Stateful, is_legal, subject_type


@check("events-late-and-silent", _("No event waits for more than five minutes without anybody having tried."))
def late_and_silent() -> str:
    """Unstamped for five minutes, or due for five minutes with no live lease: the relay is not running."""
    return """
        SELECT 'event' AS kind, id, recorded_at AS since FROM core_event
         WHERE position IS NULL AND recorded_at < now() - interval '5 minutes'
        UNION ALL
        SELECT 'event delivery', d.id, d.available_at FROM core_eventdelivery d
         WHERE d.status = 'pending' AND d.available_at < now() - interval '5 minutes'
           AND (d.leased_until IS NULL OR d.leased_until < now() - interval '5 minutes')
        UNION ALL
        SELECT 'webhook delivery', d.id, d.available_at FROM core_webhookdelivery d
         WHERE d.status = 'pending' AND d.available_at < now() - interval '5 minutes'
           AND (d.leased_until IS NULL OR d.leased_until < now() - interval '5 minutes')
    """


@check("events-applied-once", _("Each event is applied once per subscriber, and only after it was tried."))
def applied_once() -> str:
    """Two inbox rows for one pair, or a done mark without an attempt or a time."""
    return """
        SELECT event_id, subscriber, count(*) AS times FROM core_eventdelivery
         GROUP BY event_id, subscriber HAVING count(*) > 1
        UNION ALL
        SELECT event_id, subscriber, 0 FROM core_eventdelivery
         WHERE status = 'done' AND (attempts = 0 OR finished_at IS NULL)
    """


@check("deliveries-have-events", _("Each delivery is of an event that is there."))
def deliveries_have_events() -> str:
    """The events are kept in months, to which no foreign key can refer by the id alone."""
    return """
        SELECT 'subscriber' AS of, d.id, d.event_id FROM core_eventdelivery d
         WHERE NOT EXISTS (SELECT 1 FROM core_event e WHERE e.id = d.event_id)
        UNION ALL
        SELECT 'webhook', d.id, d.event_id FROM core_webhookdelivery d
         WHERE NOT EXISTS (SELECT 1 FROM core_event e WHERE e.id = d.event_id)
    """


@check("events-in-order", _("Positions have no gap, and each thing's events are numbered 1, 2, 3 ..."))
def in_order() -> str:
    """A reader that keeps its place by number would miss what a gap hides."""
    return """
        SELECT id, position, sequence FROM (
            SELECT id, position, sequence,
                   position - lag(position) OVER (ORDER BY position) AS step,
                   sequence - lag(sequence, 1, 0) OVER (
                       PARTITION BY aggregate_type, aggregate_id ORDER BY position) AS sequence_step
              FROM core_event WHERE position IS NOT NULL) e
         WHERE step <> 1 OR sequence_step <> 1
    """


@check("history-unbroken", _("Each change of state begins where the one before it ended."))
def history_unbroken() -> str:
    """A status that changed without a history row shows as a break in the chain."""
    return """
        SELECT subject_type, subject_id, id, ended AS before, from_status FROM (
            SELECT id, subject_type, subject_id, from_status,
                   lag(to_status) OVER (PARTITION BY subject_type, subject_id ORDER BY id) AS ended
              FROM core_statechange) h
         WHERE ended IS NOT NULL AND ended <> from_status
    """


@check("moves-legal", _("Each change of state was a legal move."))
def moves_legal() -> Iterator[str]:
    """Compare the pairs that happened with the moves that the classes allow."""
    classes = {subject_type(model): model for model in apps.get_models() if issubclass(model, Stateful)}
    happened = StateChange.objects.filter(subject_type__in=classes).exclude(from_status="")
    for kind, before, to in happened.values_list("subject_type", "from_status", "to_status").distinct():
        if not is_legal(classes[kind], before, to):
            yield f"{kind}: {before} -> {to}"


@check("status-has-history", _("Each thing's status is the one that its history ends with."))
def status_has_history() -> Iterator[str]:
    """A status typed over in the database is found here."""
    for model in apps.get_models():
        if not issubclass(model, Stateful):
            continue
        yield from _without_history(model)


def _without_history(model: type[Stateful]) -> Iterator[str]:
    kind, table, key = subject_type(model), model._meta.db_table, model._meta.pk.column
    # Table and column names come from the model, never from a user.
    query = f"""
        SELECT h.subject_id, h.to_status, t.status
          FROM (SELECT DISTINCT ON (subject_id) subject_id, to_status FROM core_statechange
                 WHERE subject_type = %s ORDER BY subject_id, id DESC) h
          JOIN "{table}" t ON t."{key}"::text = h.subject_id
         WHERE t.status <> h.to_status
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [kind])
        for subject_id, told, now in cursor.fetchall():
            yield f"{kind}:{subject_id} is {now}, history ends with {told}"


@check("answers-kept", _("Each finished idempotency key keeps its answer, and none stays unfinished."))
def answers_kept() -> Violators:
    """The key and its answer are committed together, so an unfinished one cannot be seen by anybody else."""
    return Violators(
        """
        SELECT id, method, path, created_at FROM core_idempotencykey
         WHERE finished_at IS NULL OR response_body IS NULL OR response_status IS NULL
            OR response_status NOT BETWEEN 200 AND 299
        """
    )
