"""HQ's pages of the kernel: people, keys, settings, events and what was given up."""

from omni.core.admin import audits, deliveries, devices, events, inbound, keys, people, settings, tiles, webhooks

__all__ = ["audits", "deliveries", "devices", "events", "inbound", "keys", "people", "settings", "tiles", "webhooks"]
