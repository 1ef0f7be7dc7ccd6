"""What Celery may call; each is one line, the work is elsewhere."""

from celery import shared_task

from omni.core import event_months, periodic_runs, purge, relay, webhooks


@shared_task(name="core.deliver_events")
def deliver_events() -> None:
    """Stamp what was committed and give it to the subscribers."""
    relay.run_once()


@shared_task(name="core.deliver_webhooks")
def deliver_webhooks() -> None:
    """Tell the endpoints outside."""
    webhooks.deliver()


# Two of these register themselves with the clock.
__all__ = ["deliver_events", "deliver_webhooks", "event_months", "purge", "run_periodic"]


@shared_task(name="core.run_periodic")
def run_periodic(name: str) -> None:
    """Run one slot of one periodic job."""
    periodic_runs.run(name)
