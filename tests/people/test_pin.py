"""A PIN opens for its person, five tries long, and is not what a stranger tries first."""

from datetime import timedelta

import pytest
from django.db import transaction

from omni.core.actors import Actor
from omni.core.models import Event, Pin
from omni.core.operations.check_pin import check_pin
from omni.core.operations.set_pin import choose_pin, keep_pin, reset_pin
from omni.core.pin_rules import is_guessable, random_pin
from omni.core.refusals import Invalid, NotAllowed
from tests.people.conftest import PIN

pytestmark = pytest.mark.django_db
WRONG = "111222"


def tried(user, pin, now) -> str:
    try:
        check_pin(username=user.username, pin=pin, now=now)
    except NotAllowed as refusal:
        return refusal.code
    return "right"


def test_the_right_pin_names_its_person(with_pin, now):
    ana = with_pin()
    assert check_pin(username=ana.username, pin=PIN, now=now) == ana


def test_the_digest_tells_nothing_without_the_secret_key(with_pin, now, settings):
    ana = with_pin()
    assert PIN not in Pin.objects.get().digest
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
    assert tried(ana, PIN, now) == "wrong_pin"


def test_a_new_secret_key_keeps_the_pins_while_the_former_one_is_known(with_pin, now, settings):
    ana = with_pin()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert tried(ana, PIN, now) == "right"


def test_the_fifth_wrong_try_locks_and_the_right_pin_does_not_help(with_pin, now):
    ana = with_pin()
    assert [tried(ana, WRONG, now) for _ in range(6)] == ["wrong_pin"] * 4 + ["pin_locked"] * 2
    assert tried(ana, PIN, now) == "pin_locked"
    assert Event.objects.filter(topic="people.pin_locked", aggregate_id=str(ana.pk)).count() == 1


def test_it_says_how_many_tries_are_left(with_pin, now):
    ana = with_pin()
    with pytest.raises(NotAllowed, match="4 tries are left") as info:
        check_pin(username=ana.username, pin=WRONG, now=now)
    assert info.value.extra == {"tries_left": 4}


def test_the_fifth_try_may_still_be_right(with_pin, now):
    ana = with_pin()
    assert [tried(ana, WRONG, now) for _ in range(4)] == ["wrong_pin"] * 4
    assert tried(ana, PIN, now) == "right"
    assert (Pin.objects.get().failed_tries, Pin.objects.get().locked_until) == (0, None)


def test_the_pause_grows_each_time_until_somebody_is_right(with_pin, now):
    ana = with_pin()
    for _ in range(5):
        tried(ana, WRONG, now)
    later = now + timedelta(minutes=15)
    for _ in range(5):
        tried(ana, WRONG, later)
    assert Pin.objects.get().locked_until == later + timedelta(minutes=30)
    assert tried(ana, PIN, later + timedelta(minutes=30)) == "right"
    assert Pin.objects.get().lockouts == 0


def test_somebody_without_a_pin_or_gone_looks_like_a_wrong_one(with_pin, now):
    gone = with_pin()
    gone.is_active = False
    gone.save()
    for username in (gone.username, "nobody", ""):
        with pytest.raises(NotAllowed) as info:
            check_pin(username=username, pin=PIN, now=now)
        assert info.value.code == "wrong_pin"


def test_a_try_inside_a_transaction_that_could_undo_it_is_a_mistake_in_the_code(with_pin, now):
    ana = with_pin()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        check_pin(username=ana.username, pin=WRONG, now=now)


@pytest.mark.parametrize(
    "pin",
    ["1234", "0000", "4321", "7890", "1212", "112233", "123123", "1984", "2007", "198412", "121984", "240378",
     "032478", "19840312", "12031984", "2580", "999999", "147258"],
)  # fmt: skip
def test_what_a_stranger_tries_first_is_guessable(pin):
    assert is_guessable(pin)


@pytest.mark.parametrize("pin", ["4829", "482915", "90417368", "7302", "571894"])
def test_what_tells_nothing_is_not(pin):
    assert not is_guessable(pin)


def test_the_own_number_is_guessable():
    assert is_guessable("482915", username="till482915")


@pytest.mark.parametrize("digits", [4, 6, 8])
def test_a_random_pin_is_never_guessable(digits):
    pins = {random_pin(digits) for _ in range(200)}
    assert len(pins) > 150
    assert not any(is_guessable(pin) or len(pin) != digits for pin in pins)


@pytest.mark.parametrize(
    ("pin", "code"),
    [("48291", "pin_shape"), ("482915736", "pin_shape"), ("48291a", "pin_shape"), ("٤٨٢٩١٥", "pin_shape"),
     ("123456", "pin_guessable")],
)  # fmt: skip
def test_a_bad_pin_is_refused_and_the_old_one_stays(with_pin, now, pin, code):
    ana = with_pin()
    with pytest.raises(Invalid) as info:
        choose_pin(user=ana, pin=pin, now=now)
    assert info.value.code == code
    assert tried(ana, PIN, now) == "right"


def test_hq_may_ask_for_fewer_digits(with_pin, now, settings_decided):
    settings_decided("people.pin_digits", 4)
    ana = with_pin()
    choose_pin(user=ana, pin="7302", now=now)
    assert tried(ana, "7302", now) == "right"


def test_a_reset_unlocks_and_gives_a_temporary_pin(with_pin, now):
    ana, luis = with_pin(), with_pin("lead")
    for _ in range(5):
        tried(ana, WRONG, now)
    temporary = reset_pin(user=ana, by=Actor.of(luis), now=now)
    assert tried(ana, PIN, now) == "wrong_pin"
    assert tried(ana, temporary, now) == "right"
    assert Pin.objects.get(user=ana).is_temporary
    told = Event.objects.get(topic="people.pin_reset")
    assert (told.actor, told.payload) == (luis.shown_name, {"user": ana.username})
    keep_pin(user=ana, pin=PIN, by=Actor.of(ana), now=now)
    assert not Pin.objects.get(user=ana).is_temporary


def test_hq_resets_a_pin_and_sees_it_once(client, with_pin, now):
    ana, hank = with_pin(), with_pin("hq")
    client.force_login(hank)
    url = "/hq/core/user/act/reset_pin/"
    page = client.post(url, {"pk": ana.pk}).content.decode()
    assert "temporary PIN of" in page
    assert tried(ana, PIN, now) == "wrong_pin"
    assert Pin.objects.get(user=ana).is_temporary
