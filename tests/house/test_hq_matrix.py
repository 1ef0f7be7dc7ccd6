"""Each of HQ's pages, tried as everybody, with own and foreign things."""

from collections import defaultdict

from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import ReasonCode, Reservation, StockMovement
from omni.core.access import CAPABILITIES
from omni.core.hq.permissions import ENTRY
from returns.models import ReturnPolicy, ReturnReason
from tests.house.conftest import IN, some, some_or_all, undone
from tests.house.doors import HQ_FRAME, HQ_PAGES, HqPage
from tests.house.world import ROLES, chain_wide

SIGN_IN = "sign in"
FRAME_ADDRESS = {
    "r/<path:content_type_id>/<path:object_id>/": "r/9999/1/",
    "^(?P<app_label>.+)/$": "orders/",
    "(?P<url>.*)$": "no/such/page/",
}


def things(world, at: str) -> dict:
    place = getattr(world, at)
    return chain_wide(world) | {
        "place": place,
        "customer": place.order.customer,
        "consent": place.consent,
        "reason": ReasonCode.objects.first(),
        "policy": ReturnPolicy.objects.first(),
        "return_reason": ReturnReason.objects.first(),
        "level": place.location.stock_levels.first(),
        "movement": StockMovement.objects.filter(location=place.location).first(),
        "reservation": Reservation.objects.filter(location=place.location).first(),
    }


def base(label: str) -> str:
    return f"/hq/{label.replace('.', '/')}/"


def test_every_model_and_every_act_is_written_down():
    pages = {page.opts.label_lower: page for page in admin.site._registry.values()}
    assert set(pages) == set(HQ_PAGES), "add the new model to tests/house/doors.py"
    for label, page in pages.items():
        assert {act.name: act.capability for act in page.acts} == (HQ_PAGES[label].acts or {}), label


def test_the_frame_of_hq_opens_for_managers_and_hq(world):
    wrong = []
    for route, (without, within) in HQ_FRAME.items():
        for role in (None, *ROLES):
            response = world.client(role, world.own).get(f"/hq/{FRAME_ADDRESS.get(route, route)}")
            wanted = 302 if role is None else within if enters(role) else without
            if response.status_code != wanted:
                wrong.append(f"{route} for {role or 'nobody'}: {response.status_code}, expected {wanted}")
    assert not wrong, "\n".join(wrong)


@some_or_all
def test_each_page_of_hq_opens_for_whom_it_should(world, unwritten, everything):
    wrong, found = [], {at: things(world, at) for at in ("own", "foreign")}
    clients = {role: world.client(role, world.own) for role in (None, *ROLES)}
    for label, page in HQ_PAGES.items():
        doors = defaultdict(list)
        for role in clients:
            for at in ("own",) if page.chain_wide or not enters(role) else ("own", "foreign"):
                for door, path, wanted in addresses(label, page, role, at, found[at]):
                    doors[door].append((role, at, path, wanted))
        for door, tries in doors.items():
            for role, at, path, wanted in tries if everything else some(door, tries):
                with undone():
                    got = outcome(clients[role].get(path))
                if got != wanted:
                    wrong.append(f"{path} for {role or 'nobody'}, {at}: {got}, expected {wanted}")
    assert not wrong, "\n".join(wrong)


def test_each_page_of_hq_asks_the_database_no_more_than_its_ceiling(world):
    client, over, found = world.client("hq", world.own), {}, things(world, "own")
    for label, page in HQ_PAGES.items():
        thing = page.thing(found)
        for path in (base(label), f"{base(label)}{getattr(thing, 'pk', thing)}/change/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200, path
            if len(asked) > page.ceiling:
                over[path] = len(asked)
    assert not over


def addresses(label: str, page: HqPage, role: str | None, at: str, found: dict):
    """Each door of the model, the address behind it, and what this role gets there; those that name no thing only with
    the own ones."""
    first = base(label)
    thing = page.thing(found)
    key = getattr(thing, "pk", thing)
    reads = may(role, page.reads)
    foreign = at == "foreign" and not page.chain_wide and role != "hq"
    if at == "own":
        yield first, first, want(role, reads)
    if not enters(role):
        yield f"{first}change/", f"{first}{key}/change/", want(role, False)
        return
    if at == "own":
        yield f"{first}add/", f"{first}add/", want(role, may(role, page.adds))
    yield f"{first}change/", f"{first}{key}/change/", want(role, reads, missing=foreign)
    yield f"{first}delete/", f"{first}{key}/delete/", want(role, False)
    for name, capability in {"no-such-act": "", **(page.acts or {})}.items():
        allowed = may(role, capability) and reads and not (foreign and capability)
        yield f"{first}act/{name}/", f"{first}act/{name}/?pk={key}", want(role, True, missing=not allowed)


def want(role: str | None, allowed: bool, *, missing: bool = False) -> str:
    if role is None:
        return SIGN_IN
    if not enters(role) or not allowed:
        return "refused"
    return "missing" if missing else IN


def outcome(response) -> str:
    target = response.headers.get("Location", "")
    if target.startswith("/sign-in/"):
        return SIGN_IN
    if target == "/hq/":
        return "missing"  # Django leads back to the first page, and says that there is no such row
    return {200: IN, 403: "refused", 404: "missing"}.get(response.status_code, str(response.status_code))


def enters(role: str | None) -> bool:
    return any(role in CAPABILITIES[capability] for capability in ENTRY)


def may(role: str | None, capability: str) -> bool:
    return bool(capability) and role in CAPABILITIES[capability]
