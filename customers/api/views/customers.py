"""Customers, and what belongs to each."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from customers.api.reach import WholeChain, customer_of, shown
from customers.api.serializers.customer import (
    CustomerChanges,
    CustomerQuery,
    CustomerSerializer,
    LoyaltySerializer,
    MergeRequest,
    NewConsent,
    NewCustomer,
    NewPoints,
    NewWish,
    StoreCreditsSerializer,
    TimelineSerializer,
    WishlistSerializer,
    WishSerializer,
)
from customers.models import Customer, LoyaltyEntry, StoreCredit, Wish
from customers.operations.find import find_customers
from customers.operations.keep_customer import create_customer, update_customer
from customers.operations.loyalty import add_points, points_of
from customers.operations.merge import merge_customers
from customers.operations.record_consent import record_consent
from customers.operations.wishes import add_wish, remove_wish
from customers.phone import to_e164
from customers.story import timeline
from omni.core.actors import Actor
from omni.core.api import ConditionalReads, CursorPages, HasScope, api_key, idempotent

READ, WRITE = "customers:read", "customers:write"
ENTRIES, WISHES, ACCOUNTS = 100, 200, 100


class Customers(ConditionalReads, GenericAPIView[Customer]):
    """All living customers of the chain."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"GET": READ, "POST": WRITE}
    serializer_class = CustomerSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = Customer.objects.none()

    @extend_schema(
        operation_id="customers_list", tags=["customers"], parameters=[CustomerQuery],
        responses=CustomerSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Oldest first; with `q` the likeliest first, at most one page."""
        asked = CustomerQuery.read(request)
        if "q" in asked:
            found = find_customers(text=asked["q"], limit=asked.get("limit", CursorPages.page_size))
            known = {
                each.pk: each for each in shown(Customer.objects.filter(pk__in=[hit.pk for hit in found.customers]))
            }
            rows = [known[hit.pk] for hit in found.customers]
            return Response({"results": CustomerSerializer(rows, many=True).data, "next": None})
        page = self.paginate_queryset(_filtered(shown(Customer.objects.living()), asked))
        return self.get_paginated_response(CustomerSerializer(page, many=True).data)

    @extend_schema(
        operation_id="customers_create", tags=["customers"], request=NewCustomer, responses={201: CustomerSerializer}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Somebody new; 409 `already_known` names whoever has one of these contacts."""
        customer = create_customer(**NewCustomer.accept(request.data), by=_by(request), now=timezone.now())
        at = reverse("api-customer", args=[customer.uid])
        answer = CustomerSerializer(customer_of(customer.uid)).data
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": at})


class OneCustomer(ConditionalReads, APIView):
    """One customer."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(operation_id="customers_retrieve", tags=["customers"], responses=CustomerSerializer)
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Who they are; an id that was merged answers the one that stayed."""
        return Response(CustomerSerializer(customer_of(customer_id)).data)

    @extend_schema(
        operation_id="customers_update", tags=["customers"], request=CustomerChanges, responses=CustomerSerializer
    )
    @idempotent
    def patch(self, request: Request, customer_id: UUID) -> Response:
        """Put right what is given; the rest stays."""
        customer = customer_of(customer_id)
        changes = CustomerChanges.accept(request.data)
        update_customer(customer_id=customer.pk, changes=changes, by=_by(request), now=timezone.now())
        return Response(CustomerSerializer(customer_of(customer.uid)).data)


class Consents(APIView):
    """Their word on being written to."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="customers_consent", tags=["customers"], request=NewConsent, responses={201: CustomerSerializer}
    )
    @idempotent
    def post(self, request: Request, customer_id: UUID) -> Response:
        """Write it down with time and source; the newest holds."""
        customer, said = customer_of(customer_id), NewConsent.accept(request.data)
        record_consent(customer_id=customer.pk, channel=said["channel"], purpose=said["purpose"],
                       is_given=said["given"], source=said["source"], by=_by(request), now=timezone.now())  # fmt: skip
        return Response(CustomerSerializer(customer_of(customer.uid)).data, status=status.HTTP_201_CREATED)


class Wishlist(ConditionalReads, APIView):
    """What they want one day."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="customers_wishlist", tags=["customers"], responses=WishlistSerializer)
    def get(self, request: Request, customer_id: UUID) -> Response:
        """The newest first, at most two hundred."""
        wishes = _wishes(customer_of(customer_id)).order_by("-added_at")[:WISHES]
        return Response({"results": WishSerializer(wishes, many=True).data})

    @extend_schema(
        operation_id="customers_wish", tags=["customers"], request=NewWish,
        responses={200: WishSerializer, 201: WishSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request, customer_id: UUID) -> Response:
        """Remember an item; 200 where it is on the list already."""
        customer, sku = customer_of(customer_id), NewWish.accept(request.data)["sku"]
        wish, is_new = add_wish(customer_id=customer.pk, sku=sku, by=_by(request), now=timezone.now())
        return Response(WishSerializer(wish).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class OneWish(APIView):
    """One item of the list."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"DELETE": WRITE}

    @extend_schema(operation_id="customers_unwish", tags=["customers"], request=None, responses={204: None})
    @idempotent
    def delete(self, request: Request, customer_id: UUID, sku: str) -> Response:
        """No longer wanted."""
        wish = get_object_or_404(_wishes(customer_of(customer_id)), sku=sku)
        remove_wish(wish_id=wish.pk, by=_by(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Loyalty(ConditionalReads, APIView):
    """Code, tier and points."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="customers_loyalty", tags=["customers"], responses=LoyaltySerializer)
    def get(self, request: Request, customer_id: UUID) -> Response:
        """The balance and what it is made of."""
        return Response(_loyalty(customer_of(customer_id)))

    @extend_schema(
        operation_id="customers_points", tags=["customers"], request=NewPoints, responses={201: LoyaltySerializer}
    )
    @idempotent
    def post(self, request: Request, customer_id: UUID) -> Response:
        """Add or spend points; 409 `too_few_points` where more is spent than there is."""
        customer = customer_of(customer_id)
        add_points(customer_id=customer.pk, **NewPoints.accept(request.data), by=_by(request), now=timezone.now())
        return Response(_loyalty(customer), status=status.HTTP_201_CREATED)


class StoreCredits(ConditionalReads, APIView):
    """What the chain owes them."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"GET": READ}

    @extend_schema(operation_id="customers_store_credit", tags=["customers"], responses=StoreCreditsSerializer)
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Every account under whichever of their records, newest first, each with its ledger; at most a hundred."""
        credits = StoreCredit.objects.of_family(customer_of(customer_id).family_ids())[:ACCOUNTS]
        return Response(StoreCreditsSerializer({"results": credits}).data)


class Timeline(ConditionalReads, APIView):
    """What happened."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"GET": READ}

    @extend_schema(operation_id="customers_timeline", tags=["customers"], responses=TimelineSerializer)
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Orders and returns of every channel, consent, wishes, points and notes, newest first."""
        told = timeline(customer_of(customer_id))
        return Response(TimelineSerializer({"results": [asdict(entry) for entry in told]}).data)


class Merge(APIView):
    """Two records of one person."""

    permission_classes = [HasScope, WholeChain]
    required_scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="customers_merge", tags=["customers"], request=MergeRequest, responses={200: CustomerSerializer}
    )
    @idempotent
    def post(self, request: Request, customer_id: UUID) -> Response:
        """The other one is from now on a name for this one. HQ and leads can undo it."""
        kept, said = customer_of(customer_id), MergeRequest.accept(request.data)
        gone = customer_of(said["customer"])
        merge_customers(kept_id=kept.pk, gone_id=gone.pk, reason=said["reason"], by=_by(request), now=timezone.now())
        return Response(CustomerSerializer(customer_of(kept.uid)).data)


def _filtered(customers: QuerySet[Customer], asked: dict[str, Any]) -> QuerySet[Customer]:
    given: dict[str, Any] = {name: asked[name] for name in ("external_id", "loyalty_code") if name in asked}
    if "email" in asked:
        given["email"] = asked["email"].lower()
    if "phone" in asked:
        given["phone"] = to_e164(asked["phone"]) or "?"
    return customers.filter(**given)


def _wishes(customer: Customer) -> QuerySet[Wish]:
    return Wish.objects.filter(customer__in=customer.family_ids()).open()


def _loyalty(customer: Customer) -> dict[str, Any]:
    family = customer.family_ids()
    entries = LoyaltyEntry.objects.filter(customer__in=family).order_by("-at", "-pk")[:ENTRIES]
    account = {"code": customer.loyalty_code, "tier": customer.tier, "points": points_of(family), "entries": entries}
    return dict(LoyaltySerializer(account).data)


def _by(request: Request) -> Actor:
    return Actor.of_key(api_key(request))
