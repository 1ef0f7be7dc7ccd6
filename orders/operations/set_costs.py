"""Cost parameters and tariffs: set for a day to come, with a reason; withdrawn before it comes; never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move
from orders import events
from orders.models import CostParameters, Tariff
from orders.routing.cost import MOST_POUNDS, NOT_OFFERED, ZONES

Status = CostParameters.Status
NOT_COPIED = {"id", "status", "effective_from", "edits", "created_at", "set_by", "why"}


@operation
def draft_costs(*, effective_from: datetime, by: Actor, now: datetime) -> CostParameters:
    """A draft that says what is in effect now, or the defaults."""
    held = CostParameters.objects.in_effect(now).first()
    names = [field.name for field in CostParameters._meta.concrete_fields if field.name not in NOT_COPIED]
    draft = CostParameters.objects.create(
        effective_from=effective_from, **({name: getattr(held, name) for name in names} if held else {})
    )
    begin(draft, by=by)
    return draft


@operation
def edit_costs(*, parameters_id: int, fields: dict[str, Any]) -> CostParameters:
    """Write into a draft. Raises Refusal `holds_still`."""
    draft = CostParameters.objects.select_for_update().get(pk=parameters_id)
    if draft.status != Status.DRAFT:
        raise Refusal("holds_still", _("What was set is never changed: draft the next ones."))
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.edits += 1
    draft.save(update_fields=[*fields, "edits"])
    return draft


@operation
def set_costs(*, parameters_id: int, edits: int, reason: str, by: Actor, now: datetime) -> CostParameters:
    """Let a draft count from its day on, as it was after so many `edits`.

    Raises Invalid `reason_required`; Refusal `in_the_past`, `changed_meanwhile`, `costs_exist` where others count from
    the same moment, `illegal_move`.
    """
    reason = _said(reason)
    draft = CostParameters.objects.select_for_update().get(pk=parameters_id)
    if draft.status == Status.DRAFT and draft.edits != edits:
        raise Refusal("changed_meanwhile", _("Somebody changed these parameters meanwhile. Look again."))
    _require_future(draft.effective_from, now)
    others = CostParameters.objects.filter(status=Status.SET, effective_from=draft.effective_from).exclude(pk=draft.pk)
    if draft.status == Status.DRAFT and others.exists():
        raise Refusal("costs_exist", _("There are parameters from that moment already: withdraw those first."))
    move(draft, Status.SET, by=by, reason=reason, set_by=by.label, why=reason)
    emit(events.COSTS_SET, aggregate=("cost_parameters", str(draft.pk)), payload=news(draft, reason), by=by)
    return draft


@operation
def set_tariff(
    *, service: str, effective_from: datetime, rates: Sequence[Sequence[int]], days: Sequence[int], reason: str,
    by: Actor, now: datetime,
) -> Tariff:  # fmt: skip
    """A service's table counts from a day on; without rates and days the service is not offered any more.

    `rates` are hundredths of a cent by zone and started pounds, -1 where it is not offered. Raises Invalid
    `reason_required`, `wrong_table`; Refusal `in_the_past`, `tariff_exists`.
    """
    reason, service = _said(reason), service.strip()[:60]
    _require_future(effective_from, now)
    if not service or (rates and not _is_table(rates, days)):
        raise Invalid("wrong_table", _("A tariff has a service, %(zones)d zones and 0 to %(pounds)d pounds.")
                      % {"zones": ZONES, "pounds": MOST_POUNDS})  # fmt: skip
    if Tariff.objects.filter(service=service, effective_from=effective_from, status=Tariff.Status.SET).exists():
        raise Refusal("tariff_exists", _("There is a tariff of %s from that moment already.") % service)
    tariff = Tariff.objects.create(
        service=service, effective_from=effective_from, rates=[list(zone) for zone in rates],
        days=list(days) if rates else [], set_by=by.label, why=reason,
    )  # fmt: skip
    begin(tariff, by=by, reason=reason)
    emit(events.COSTS_SET, aggregate=("tariff", str(tariff.pk)), payload=news(tariff, reason), by=by)
    return tariff


@operation
def withdraw_costs(*, parameters_id: int, reason: str, by: Actor, now: datetime) -> CostParameters:
    """Parameters that do not count yet never will. Raises Invalid `reason_required`; Refusal `in_effect`."""
    return _withdraw(CostParameters, parameters_id, reason, by, now)


@operation
def withdraw_tariff(*, tariff_id: int, reason: str, by: Actor, now: datetime) -> Tariff:
    """The same of a tariff."""
    return _withdraw(Tariff, tariff_id, reason, by, now)


def news(row: CostParameters | Tariff, reason: str) -> dict[str, Any]:
    """What is told: of parameters their id, of a tariff its service."""
    return {
        "parameters": row.pk if isinstance(row, CostParameters) else None,
        "service": row.service if isinstance(row, Tariff) else None, "effective_from": row.effective_from,
        "reason": reason,
    }  # fmt: skip


def _withdraw(model: Any, pk: int, reason: str, by: Actor, now: datetime) -> Any:
    reason = _said(reason)
    row = model.objects.select_for_update().get(pk=pk)
    was_set = row.status == "set"
    if was_set and row.effective_from <= now:
        raise Refusal("in_effect", _("It counts already: set what shall follow it."))
    move(row, "withdrawn", by=by, reason=reason)
    if was_set:
        kind = "tariff" if model is Tariff else "cost_parameters"
        emit(events.COSTS_WITHDRAWN, aggregate=(kind, str(row.pk)), payload=news(row, reason), by=by)
    return row


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid("reason_required", _("Say why, so that others understand it later."))
    return reason.strip()[:200]


def _require_future(effective_from: datetime, now: datetime) -> None:
    if effective_from <= now:
        raise Refusal("in_the_past", _("Choose a moment to come: what was decided before stays as it was counted."))


def _is_table(rates: Sequence[Sequence[int]], days: Sequence[int]) -> bool:
    return (
        len(rates) == len(days) == ZONES
        and all(len(zone) == MOST_POUNDS + 1 for zone in rates)
        and all(rate >= NOT_OFFERED for zone in rates for rate in zone)
    )
