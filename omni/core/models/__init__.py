"""Everything the kernel keeps, one file per aggregate."""

from omni.core.models.api_key import ApiKey
from omni.core.models.audit_run import AuditRun
from omni.core.models.claimable import Claimable, ClaimableQuerySet, ClaimStatus
from omni.core.models.device import Device, DeviceVisit
from omni.core.models.event import Event, EventDelivery
from omni.core.models.fields import UuidV7
from omni.core.models.history import StateChange
from omni.core.models.idempotency import IdempotencyKey
from omni.core.models.inbound import InboundMessage
from omni.core.models.job import Job, JobStatus
from omni.core.models.job_run import JobRun
from omni.core.models.pin import Pin
from omni.core.models.practice_store import PracticeStore
from omni.core.models.setting import Setting
from omni.core.models.user import Grant, Role, User
from omni.core.models.webhook import WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiKey",
    "AuditRun",
    "ClaimStatus",
    "Claimable",
    "ClaimableQuerySet",
    "Device",
    "DeviceVisit",
    "Event",
    "EventDelivery",
    "Grant",
    "IdempotencyKey",
    "InboundMessage",
    "Job",
    "JobRun",
    "JobStatus",
    "Pin",
    "PracticeStore",
    "Role",
    "Setting",
    "StateChange",
    "User",
    "UuidV7",
    "WebhookDelivery",
    "WebhookEndpoint",
]
