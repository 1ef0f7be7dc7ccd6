"""What inventory tells the rest of the house; past tense, one constant per topic."""

SHORTFALL = "inventory.shortfall"  # a shelf holds fewer units than are promised from it
STOCK_INCREASED = "inventory.stock_increased"  # units became available: waiting demand may be promised
LOCATION_PAUSED = "inventory.location_paused"
LOCATION_RESUMED = "inventory.location_resumed"
LOCATIONS_CLOSED = "inventory.locations_closed"
LOCATIONS_REOPENED = "inventory.locations_reopened"
RULE_ACTIVATED = "inventory.rule_activated"  # another number of units is kept back where it matches, at once
RULE_RETIRED = "inventory.rule_retired"
HOLD_EXPIRED = "inventory.hold_expired"
COUNT_RAISED = "inventory.count_raised"
COUNT_DONE = "inventory.count_done"
COUNT_SESSION_STARTED = "inventory.count_session_started"
COUNT_SESSION_BOOKED = "inventory.count_session_booked"
COUNT_SESSION_CANCELLED = "inventory.count_session_cancelled"
TRANSFER_SHIPPED = "inventory.transfer_shipped"
TRANSFER_RECEIVED = "inventory.transfer_received"
SNAPSHOT_RECEIVED = "inventory.snapshot_received"
SNAPSHOT_RECONCILED = "inventory.snapshot_reconciled"  # compared; what was not booked waits for a person
SNAPSHOT_STOPPED = "inventory.snapshot_stopped"  # unreadable, or too many bad rows: nothing of it was used
DIFFERENCES_DECIDED = "inventory.differences_decided"
FEED_SILENT = "inventory.feed_silent"  # a source missed its rhythm twice
FEED_HEARD = "inventory.feed_heard"  # a silent source speaks again
