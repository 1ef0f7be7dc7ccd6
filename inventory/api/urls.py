"""Stock, its locations and what is sold, for machines."""

from django.urls import path

from inventory.api.views import (
    as_of,
    availability,
    catalog,
    changes,
    confidence,
    counts,
    deliveries,
    holds,
    levels,
    movement_files,
    movements,
    places,
    purchase_orders,
    rules,
    snapshots,
    transfers,
)

urlpatterns = [
    path("availability", availability.Availability.as_view(), name="api-availability"),
    path("holds", holds.Holds.as_view(), name="api-holds"),
    path("holds/<uuid:hold_id>", holds.OneHold.as_view(), name="api-hold"),
    path("inventory/movements", movements.Movements.as_view(), name="api-movements"),
    path("inventory/movement-files", movement_files.MovementFiles.as_view(), name="api-movement-files"),
    path("inventory/movement-files/<uuid:file_id>", movement_files.OneMovementFile.as_view(), name="api-movement-file"),
    path(
        "inventory/movement-files/<uuid:file_id>/problems",
        movement_files.MovementProblems.as_view(),
        name="api-movement-file-problems",
    ),
    path("inventory/levels", levels.Levels.as_view(), name="api-levels"),
    path("inventory/levels/as-of", as_of.AsOf.as_view(), name="api-levels-as-of"),
    path("inventory/confidence", confidence.Confidence.as_view(), name="api-confidence"),
    path("inventory/changes", changes.Changes.as_view(), name="api-changes"),
    path("inventory/digest", changes.Digests.as_view(), name="api-digest"),
    path("inventory/rules", rules.Rules.as_view(), name="api-rules"),
    path("inventory/snapshots", snapshots.Snapshots.as_view(), name="api-snapshots"),
    path("inventory/snapshots/<uuid:snapshot_id>", snapshots.OneSnapshot.as_view(), name="api-snapshot"),
    path(
        "inventory/snapshots/<uuid:snapshot_id>/differences",
        snapshots.Differences.as_view(),
        name="api-snapshot-differences",
    ),
    path(
        "inventory/snapshots/<uuid:snapshot_id>/problems", snapshots.ProblemRows.as_view(), name="api-snapshot-problems"
    ),
    path("purchase-orders", purchase_orders.PurchaseOrders.as_view(), name="api-purchase-orders"),
    path("purchase-orders/<str:number>", purchase_orders.OnePurchaseOrder.as_view(), name="api-purchase-order"),
    path(
        "purchase-orders/<str:number>/lines",
        purchase_orders.PurchaseOrderLines.as_view(),
        name="api-purchase-order-lines",
    ),
    path(
        "purchase-orders/<str:number>/closing",
        purchase_orders.PurchaseOrderClosing.as_view(),
        name="api-purchase-closing",
    ),
    path("advance-ship-notices", deliveries.ShipNotices.as_view(), name="api-ship-notices"),
    path("advance-ship-notices/<str:number>", deliveries.OneShipNotice.as_view(), name="api-ship-notice"),
    path("advance-ship-notices/<str:number>/receipts", deliveries.ReceiptScans.as_view(), name="api-receipt-scans"),
    path("advance-ship-notices/<str:number>/completion", deliveries.ReceiptCompletion.as_view(), name="api-completion"),
    path("receipts", deliveries.Receipts.as_view(), name="api-receipts"),
    path("inventory/transfers", transfers.Transfers.as_view(), name="api-transfers"),
    path("inventory/transfers/<str:number>", transfers.OneTransfer.as_view(), name="api-transfer"),
    path("inventory/transfers/<str:number>/approval", transfers.Approval.as_view(), name="api-transfer-approval"),
    path("inventory/transfers/<str:number>/decline", transfers.TransferDecline.as_view(), name="api-transfer-decline"),
    path(
        "inventory/transfers/<str:number>/cancellation",
        transfers.TransferCancellation.as_view(),
        name="api-transfer-cancellation",
    ),
    path(
        "inventory/transfers/<str:number>/shipment", transfers.TransferShipment.as_view(), name="api-transfer-shipment"
    ),
    path("inventory/transfers/<str:number>/receipt", transfers.TransferReceipt.as_view(), name="api-transfer-receipt"),
    path("counts", counts.Counts.as_view(), name="api-counts"),
    path("counts/<uuid:count_id>", counts.OneCount.as_view(), name="api-count"),
    path("counts/<uuid:count_id>/scans", counts.CountScans.as_view(), name="api-count-scans"),
    path("counts/<uuid:count_id>/tags", counts.CountTags.as_view(), name="api-count-tags"),
    path("counts/<uuid:count_id>/closing", counts.CountClosing.as_view(), name="api-count-closing"),
    path("counts/<uuid:count_id>/booking", counts.CountBooking.as_view(), name="api-count-booking"),
    path("counts/<uuid:count_id>/lines", counts.CountLines.as_view(), name="api-count-lines"),
    path("locations", places.Locations.as_view(), name="api-locations"),
    path("locations/<str:code>", places.OneLocation.as_view(), name="api-location"),
    path("products", catalog.Products.as_view(), name="api-products"),
    path("variants", catalog.Variants.as_view(), name="api-variants"),
    path("variants/<path:sku>", catalog.OneVariant.as_view(), name="api-variant"),
]
