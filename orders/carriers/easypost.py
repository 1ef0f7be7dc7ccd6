"""EasyPost behind the port, for retailers who have an account there: `OMNI_CARRIER=orders.carriers.easypost.EasyPost`.

EasyPost knows no idempotency key. Our key travels as the shipment's `reference`, under which it can be retrieved, and a
shipment of theirs has postage at most once; so a purchase without an answer is found again by its key. Weights are in
ounces and sizes in inches there. Source: https://docs.easypost.com/docs/shipments
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from orders.carriers.hooks import tracker_news
from orders.carriers.port import Address, CarrierAway, CarrierRefused, Label, News, OutcomeUnknown, Parcel, Rate

API = "https://api.easypost.com/v2"
# Labels are fetched from nowhere else, whatever an answer says.
LABEL_HOSTS = frozenset({"easypost-files.s3.us-west-2.amazonaws.com", "easypost-files.s3-us-west-2.amazonaws.com"})
TIMEOUT = httpx.Timeout(15, connect=3)
LARGEST_LABEL = 2 * 1024 * 1024
GRAMS_PER_OUNCE, MM_PER_INCH = 28.349523125, 25.4
POSTAGE_EXISTS = "SHIPMENT.POSTAGE.EXISTS"
FIELDS = {"name": "name", "street1": "line1", "street2": "line2", "city": "city", "state": "region",
          "zip": "postal_code", "country": "country", "address": "line1", "weight": "weight"}  # fmt: skip


class EasyPost:
    """See the module. `transport` stands in for the network in tests."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        if not settings.EASYPOST_API_KEY:
            raise ImproperlyConfigured("OMNI_EASYPOST_API_KEY is not set.")
        self._transport = transport

    def rates(self, sender: Address, recipient: Address, parcel: Parcel) -> Sequence[Rate]:
        shipment = self._create(sender, recipient, parcel)
        rates = [_rate(each) for each in shipment.get("rates") or []]
        if not rates:
            raise CarrierRefused(_why_no_rates(shipment))
        return sorted(rates, key=lambda rate: rate.amount)

    def buy(self, sender: Address, recipient: Address, parcel: Parcel, service: str, key: str) -> Label:
        shipment = self._by_reference(key) or self._create(sender, recipient, parcel, reference=key)
        if not shipment.get("postage_label"):
            shipment = self._buy(shipment, service)
        return self._label(shipment)

    def look_up(self, key: str) -> Label | None:
        shipment = self._by_reference(key)
        return self._label(shipment) if shipment and shipment.get("postage_label") else None

    def void(self, reference: str) -> None:
        shipment = self._ask("GET", f"/shipments/{quote(reference, safe='')}")
        if shipment.get("refund_status") in {"submitted", "refunded"}:
            return
        self._ask("POST", f"/shipments/{quote(reference, safe='')}/refund", {})

    def track(self, reference: str) -> Sequence[News]:
        tracker = self._ask("GET", f"/shipments/{quote(reference, safe='')}").get("tracker")
        try:
            return tracker_news(tracker) if tracker else []
        except (KeyError, TypeError, ValueError) as error:
            raise OutcomeUnknown(f"EasyPost's tracker cannot be read: {error}") from error

    # --- their resources ----------------------------------------------------------------------------------

    def _create(
        self, sender: Address, recipient: Address, parcel: Parcel, *, reference: str | None = None
    ) -> dict[str, Any]:
        body: dict[str, Any] = {
            "from_address": _address(sender), "to_address": _address(recipient), "parcel": _parcel(parcel),
            "options": {"label_format": "PDF", "label_size": "4x6"},
        }  # fmt: skip
        if reference:
            body["reference"] = reference
        return self._ask("POST", "/shipments", {"shipment": body})

    def _by_reference(self, key: str) -> dict[str, Any] | None:
        return self._ask("GET", f"/shipments/{quote(key, safe='')}", missing_is_fine=True) or None

    def _buy(self, shipment: Mapping[str, Any], service: str) -> dict[str, Any]:
        offered = {f"{each['carrier']}/{each['service']}": each["id"] for each in shipment.get("rates") or []}
        if service not in offered:
            raise CarrierRefused(_("The service %s is not offered for this parcel.") % service, "service")
        try:
            return self._ask("POST", f"/shipments/{shipment['id']}/buy", {"rate": {"id": offered[service]}})
        except _PostageExists:
            return self._ask("GET", f"/shipments/{shipment['id']}")

    def _label(self, shipment: Mapping[str, Any]) -> Label:
        """A bought shipment with its paper. Without the paper it counts as unanswered: it is looked up again."""
        rate = shipment.get("selected_rate") or {}
        postage = shipment["postage_label"]
        try:
            return Label(
                carrier=rate["carrier"], service=rate["service"], tracking_number=shipment["tracking_code"],
                amount=Decimal(rate["rate"]), currency=rate["currency"], reference=shipment["id"],
                pdf=self._paper(shipment["id"], postage, "PDF"),
                zpl=self._paper(shipment["id"], postage, "ZPL").decode("utf-8", "replace"), deliver_by=_arrives(rate),
            )  # fmt: skip
        except (KeyError, TypeError, ArithmeticError) as error:
            raise OutcomeUnknown(f"EasyPost's label cannot be read: {error!r}") from error

    def _paper(self, shipment_id: str, postage: Mapping[str, Any], kind: str) -> bytes:
        name = f"label_{kind.lower()}_url"
        url = postage.get(name)
        if not url and kind == "PDF" and postage.get("label_file_type") == "application/pdf":
            url = postage.get("label_url")
        if not url:
            converted = self._ask("GET", f"/shipments/{shipment_id}/label", query={"file_format": kind})
            url = converted["postage_label"][name]
        return self._download(url)

    # --- the line -----------------------------------------------------------------------------------------

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, query: dict[str, str] | None = None,
        missing_is_fine: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        response = self._send(method, f"{API}{path}", json=body, params=query, auth=(settings.EASYPOST_API_KEY, ""))
        if response.status_code == 404 and missing_is_fine:
            return {}
        if response.status_code in {408, 429} or response.status_code >= 500:
            raise OutcomeUnknown(f"EasyPost answers {response.status_code}.")
        try:
            content = response.json()
        except ValueError as error:
            raise OutcomeUnknown("EasyPost's answer cannot be read.") from error
        if not isinstance(content, dict):
            raise OutcomeUnknown("EasyPost's answer cannot be read.")
        if not response.is_success:
            raise _refusal(content.get("error") or {})
        return content

    def _download(self, url: str) -> bytes:
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname not in LABEL_HOSTS or parts.port not in {None, 443}:
            raise OutcomeUnknown("The label lies where we do not fetch from.")
        response = self._send("GET", url)
        if response.status_code != 200 or len(response.content) > LARGEST_LABEL:
            raise OutcomeUnknown("The label cannot be fetched.")
        return response.content

    def _send(self, method: str, url: str, **more: Any) -> httpx.Response:
        try:
            with httpx.Client(
                transport=self._transport, timeout=TIMEOUT, follow_redirects=False, trust_env=False
            ) as client:
                return client.request(method, url, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise CarrierAway(_("The carrier does not answer.")) from error
        except httpx.HTTPError as error:
            raise OutcomeUnknown(f"{type(error).__name__}: {error}"[:300]) from error


class _PostageExists(CarrierRefused):
    """Somebody with the same key was faster."""


def _refusal(error: Mapping[str, Any]) -> CarrierRefused:
    """Their words and the first field they name. `message` may be a list, `errors` texts or objects."""
    details = [each for each in error.get("errors") or [] if isinstance(each, Mapping)]
    texts = [error.get("message"), *(each.get("message") for each in details)]
    texts += [each for each in error.get("errors") or [] if isinstance(each, str)]
    words = " ".join(dict.fromkeys(str(text) for text in texts if text)) or _("The carrier gave no reason.")
    named = [each["field"] for each in details if each.get("field") in FIELDS]
    # "address" is all of it: a more precise one is better where there is one.
    field = min(named, key=lambda name: name == "address", default="")
    kind = _PostageExists if error.get("code") == POSTAGE_EXISTS else CarrierRefused
    return kind(words[:500], FIELDS.get(field, ""))


def _why_no_rates(shipment: Mapping[str, Any]) -> str:
    said = [f"{each.get('carrier')}: {each.get('message')}" for each in shipment.get("messages") or []]
    return "; ".join(said)[:500] or _("No carrier offers anything for this parcel.")


def _rate(each: Mapping[str, Any]) -> Rate:
    return Rate(each["carrier"], each["service"], Decimal(each["rate"]), each["currency"], _arrives(each))


def _arrives(rate: Mapping[str, Any]) -> datetime | None:
    """The date they name, or so many days from now; the evening of it, since they name no hour."""
    if rate.get("delivery_date"):
        return parse_datetime(rate["delivery_date"])
    days = rate.get("delivery_days") or rate.get("est_delivery_days")
    return timezone.now().replace(hour=23, minute=59, second=0, microsecond=0) + timedelta(days=days) if days else None


def _address(address: Address) -> dict[str, str]:
    return {
        "name": address.name, "street1": address.line1, "street2": address.line2, "city": address.city,
        "state": address.region, "zip": address.postal_code, "country": address.country, "phone": address.phone,
    }  # fmt: skip


def _parcel(parcel: Parcel) -> dict[str, float]:
    inches = [round(side / MM_PER_INCH, 1) for side in (parcel.length_mm, parcel.width_mm, parcel.height_mm)]
    return {
        "length": inches[0], "width": inches[1], "height": inches[2],
        "weight": round(parcel.weight_g / GRAMS_PER_OUNCE, 1),
    }  # fmt: skip
