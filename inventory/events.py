"""What inventory tells the rest of the house; past tense, one constant per topic."""

SHORTFALL = "inventory.shortfall"  # a shelf holds fewer units than are promised from it
STOCK_INCREASED = "inventory.stock_increased"  # units became available: waiting demand may be promised
LOCATION_PAUSED = "inventory.location_paused"
LOCATION_RESUMED = "inventory.location_resumed"
LOCATIONS_CLOSED = "inventory.locations_closed"
LOCATIONS_REOPENED = "inventory.locations_reopened"
HOLD_EXPIRED = "inventory.hold_expired"
COUNT_RAISED = "inventory.count_raised"
COUNT_DONE = "inventory.count_done"
TRANSFER_SHIPPED = "inventory.transfer_shipped"
TRANSFER_RECEIVED = "inventory.transfer_received"
