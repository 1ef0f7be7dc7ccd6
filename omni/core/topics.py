"""What the kernel itself tells: people, PINs and devices. All of it stays inside the house."""

from omni.core.events import keep_inside

PIN_SET = "people.pin_set"
PIN_RESET = "people.pin_reset"
PIN_LOCKED = "people.pin_locked"
SECOND_PERSON = "people.second_person"  # somebody gave their word with their own PIN
DEVICE_ENROLLED = "people.device_enrolled"
DEVICE_REVOKED = "people.device_revoked"
PERSON_SWITCHED = "people.person_switched"
SECOND_STEP_SET = "people.second_step_set"
SECOND_STEP_RESET = "people.second_step_reset"

keep_inside(
    PIN_SET, PIN_RESET, PIN_LOCKED, SECOND_PERSON, DEVICE_ENROLLED, DEVICE_REVOKED, PERSON_SWITCHED, SECOND_STEP_SET,
    SECOND_STEP_RESET,
)  # fmt: skip
