"""Each screen, tried as everybody, at the own store and with another store's things."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from omni.core.access import CAPABILITIES
from orders.models import PickList
from tests.house.conftest import IN, some, some_or_all, undone
from tests.house.doors import API, HQ_FRAME, HQ_PAGES, SCREENS, Door
from tests.house.routes import address, routes
from tests.house.world import ROLES

OPENED = {200, 201, 204, 302, 400, 401, 409, 422}  # 401: a partner's hook, opened and unsigned
API_PREFIX = "api/v1/"


def test_every_route_is_written_down():
    screens = {r for r in routes() if not r.startswith("hq/") and not (r.startswith(API_PREFIX) and r not in SCREENS)}
    assert screens == set(SCREENS), "add the new route to tests/house/doors.py"
    assert {r.removeprefix(API_PREFIX) for r in routes() if r.startswith(API_PREFIX) and r not in SCREENS} == set(API)
    frame = {r.removeprefix("hq/") for r in routes() if r.startswith("hq/")}
    models = {f"{label.replace('.', '/')}/" for label in HQ_PAGES}
    assert {r for r in frame if not any(r.startswith(model) for model in models)} == set(HQ_FRAME)
    assert all(any(r.startswith(model) for r in frame) for model in models)


@some_or_all
def test_each_screen_opens_for_whom_it_should(world, unwritten, everything):
    wrong = []
    for route, door in SCREENS.items():
        tries = [
            (role, at, expected(door, role, at))
            for role in (None, *ROLES)
            for at in (("own", "foreign") if role in CAPABILITIES[door.capability or "work"] else ("own",))
        ]
        for role, at, want in tries if everything else some(route, tries):
            got = outcome(world, route, door, role, at)
            if got != want:
                wrong.append(f"/{route} for {role or 'nobody'}, {at}: {got}, expected {want}")
    assert not wrong, "\n".join(wrong)


def test_each_screen_asks_the_database_no_more_than_its_ceiling(world):
    client, over = world.client("manager", world.own), {}
    for route, door in SCREENS.items():
        if door.post:
            continue
        with undone(), CaptureQueriesContext(connection) as asked:
            client.get(address(route, door.args(world.own) if door.args else {}))
        if len(asked) > door.ceiling:
            over[route] = len(asked)
    assert not over


def test_a_colleagues_pick_list_is_theirs(world):
    for route, door in SCREENS.items():
        if door.own_list:
            assert outcome(world, route, door, "associate", "own", colleague=True) == "refused", route


def outcome(world, route: str, door: Door, role: str | None, at: str, *, colleague: bool = False) -> str:
    """What happened, in a word. Own or foreign is the thing in the address, or else the store of the session."""
    place = getattr(world, at)
    client = world.client(role, world.own if door.args and role != "hq" else place)
    path = address(route, door.args(place) if door.args else {})
    with undone():
        if door.own_list and role and not colleague:
            PickList.objects.filter(pk=place.pick_list.pk).update(picker=world.people[role])
        response = client.post(path, headers={"HX-Request": "true"}) if door.post else client.get(path)
    target = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    if target.startswith("/sign-in/") and door.capability is not None:
        return "sign in"
    if target.startswith("/stores/") and route != "stores/":
        return "choose a store"
    return {403: "refused", 404: "missing"}.get(response.status_code) or (
        IN if response.status_code in OPENED else str(response.status_code)
    )


def expected(door: Door, role: str | None, at: str) -> str:
    if door.capability is None:
        return IN
    if role is None:
        return "sign in"
    if role == "partner" and door.leads_partners:
        return IN
    if role not in CAPABILITIES[door.capability or "work"]:  # "": anybody of the house
        return "refused"
    if at == "own" or role == "hq" or door.every_store or (door.args is None and not door.at_store):
        return IN
    return "missing" if door.args else "choose a store"
