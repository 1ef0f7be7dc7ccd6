"""What the kernel itself tells: people, PINs and devices. All of it stays inside the house."""

from omni.core.events import keep_inside

PIN_SET = "people.pin_set"
PIN_RESET = "people.pin_reset"
PIN_LOCKED = "people.pin_locked"
SECOND_PERSON = "people.second_person"  # somebody gave their word with their own PIN

keep_inside(PIN_SET, PIN_RESET, PIN_LOCKED, SECOND_PERSON)
