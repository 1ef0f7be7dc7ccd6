"""Products and their variants."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.serializers.catalog import ProductQuery, ProductSerializer, VariantQuery, VariantSerializer
from inventory.gtin import normalize
from inventory.models import KitComponent, Product, Variant
from omni.core.api import ConditionalReads, CursorPages


class Products(ConditionalReads, GenericAPIView[Product]):
    """All products."""

    required_scopes = {"GET": "catalog:read"}
    serializer_class = ProductSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = Product.objects.none()

    @extend_schema(
        operation_id="products_list",
        tags=["catalog"],
        parameters=[ProductQuery],
        responses=ProductSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """With the SKUs of their variants."""
        asked = ProductQuery.read(request)
        products = Product.objects.prefetch_related("variants")
        if "category" in asked:
            products = products.filter(category=asked["category"])
        page = self.paginate_queryset(products)
        return self.get_paginated_response(ProductSerializer(page, many=True).data)


class Variants(ConditionalReads, GenericAPIView[Variant]):
    """All variants."""

    required_scopes = {"GET": "catalog:read"}
    serializer_class = VariantSerializer
    pagination_class = CursorPages
    filter_backends: list[Any] = []
    queryset = Variant.objects.none()

    @extend_schema(
        operation_id="variants_list",
        tags=["catalog"],
        parameters=[VariantQuery],
        responses=VariantSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """With barcodes and prices."""
        asked = VariantQuery.read(request)
        variants = _variants()
        if "product" in asked:
            variants = variants.filter(product__code=asked["product"])
        if "barcode" in asked:
            variants = variants.filter(barcodes__code=normalize(asked["barcode"]))
        page = self.paginate_queryset(variants)
        return self.get_paginated_response(VariantSerializer(page, many=True).data)


class OneVariant(ConditionalReads, GenericAPIView[Variant]):
    """One variant."""

    required_scopes = {"GET": "catalog:read"}

    @extend_schema(operation_id="variants_retrieve", tags=["catalog"], responses=VariantSerializer)
    def get(self, request: Request, sku: str) -> Response:
        """With barcodes and prices."""
        return Response(VariantSerializer(get_object_or_404(_variants(), sku=sku)).data)


def _variants() -> QuerySet[Variant]:
    parts = KitComponent.objects.select_related("component")
    return Variant.objects.select_related("product").prefetch_related(
        "barcodes", "prices", Prefetch("components", parts)
    )
