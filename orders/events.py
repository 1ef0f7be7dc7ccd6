"""What orders tell the rest of the house; past tense, one constant per topic."""

from omni.core.events import keep_inside

PLACED = "orders.placed"
CANCELLED = "orders.cancelled"
HELD = "orders.held"
UNHELD = "orders.unheld"
PROMISED = "orders.promised"  # waiting units got their shelf
RELEASED = "orders.released"  # a fulfillment order reached its location
ACCEPTED = "orders.accepted"
DECLINED = "orders.declined"
UNITS_DECLINED = "orders.units_declined"  # a dropship partner cannot ship some units of its work
ACKNOWLEDGED = "orders.acknowledged"  # a partner has got a piece of work
CONFIRMED = "orders.confirmed"  # a partner says which units leave on which day
CONFIRMATION_WITHDRAWN = "orders.confirmation_withdrawn"
SHIP_DATE_MOVED = "orders.ship_date_moved"  # a partner ships later than was promised
PARTNER_UNITS_CANCELLED = "orders.partner_units_cancelled"  # units of a partner's work are not wanted any more
PARTNER_ALARM = "orders.partner_alarm"  # something of a partner is late
PARTNER_ALARM_CLEARED = "orders.partner_alarm_cleared"
OFFER_TIMED_OUT = "orders.offer_timed_out"  # a store did not accept parcels in time
CUTOFF_MISSED = "orders.cutoff_missed"  # the carrier left without a parcel
SHORT_PICKED = "orders.short_picked"
ARRIVED_AT_STORE = "orders.arrived_at_store"  # units that were sent for a pickup are in its store
CHOICE_OFFERED = "orders.choice_offered"
CHOICE_MADE = "orders.choice_made"
STAGED = "orders.staged"
WRONG_CODE = "orders.wrong_code"  # somebody at the desk gave a code that is not the order's
HANDED_OVER = "orders.handed_over"
HAND_OVER_UNDONE = "orders.hand_over_undone"
CARRIED_OUT = "orders.carried_out"  # sold and taken from this shelf at once; nothing of it is left to do
COLLECTED = "orders.collected"  # a hand-over can no longer be undone: money is captured
PACKED = "orders.packed"  # a parcel is closed
UNPACKED = "orders.unpacked"
LABEL_VOID_ASKED = "orders.label_void_asked"  # kept inside: the carrier is asked to take a label back
SHIPPED = "orders.shipped"  # a parcel left with its carrier
MANIFEST_CLOSED = "orders.manifest_closed"
ADDRESS_CHANGED = "orders.address_changed"
DELIVERED = "orders.delivered"
PARCEL_LOST = "orders.parcel_lost"
PARCEL_RETURNED = "orders.parcel_returned"  # it comes back to its sender
ON_MY_WAY = "orders.on_my_way"
ARRIVED = "orders.arrived"
ARRIVAL_CANCELLED = "orders.arrival_cancelled"
COLLECTOR_NAMED = "orders.collector_named"
AGE_REFUSED = "orders.age_refused"  # age-restricted units were not given to whoever stood there
REST_SHIPPED = "orders.rest_shipped"  # what a customer left at the desk is sent instead
SUBSTITUTED = "orders.substituted"
DELAYED = "orders.delayed"  # a pickup is not ready when it was promised
SUPPLY_RELEASED = "orders.supply_released"  # what waited for a supplier is here and goes its way
SUPPLY_CHANGED = "orders.supply_changed"  # what waits for a supplier comes on another day
LAST_DAY = "orders.last_day"
EXPIRED = "orders.expired"
REMINDER_DUE = "orders.reminder_due"
EXCEPTION_RAISED = "orders.exception_raised"
CAPTURED = "orders.captured"
CAPTURE_FAILED = "orders.capture_failed"
CAPTURE_RETRIED = "orders.capture_retried"
VOID_REQUESTED = "orders.void_requested"  # nothing more will be taken from a tender
VOIDED = "orders.voided"
REFUND_REQUESTED = "orders.refund_requested"
REFUNDED = "orders.refunded"
REFUND_FAILED = "orders.refund_failed"
PAYMENT_GIVEN_UP = "orders.payment_given_up"
SALE_LOST = "orders.sale_lost"  # somebody wanted it and nobody had it
SALE_FOUND_AGAIN = "orders.sale_found_again"  # a lost sale was taken back

keep_inside(LABEL_VOID_ASKED, PAYMENT_GIVEN_UP, VOID_REQUESTED, CAPTURE_RETRIED)
