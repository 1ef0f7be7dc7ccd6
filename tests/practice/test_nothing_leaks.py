"""Whatever is done in practice, not one row of the real shop changes, and no door of the real shop shows any of it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from omni.core import practice, practice_tables
from omni.core.models import PracticeStore
from omni.core.models.api_key import ApiKey
from omni.core.practice_writes import PERSONAL
from orders.models import FulfillmentOrder, PickList
from orders.practice.goods import GOODS
from orders.practice.stories import stories
from orders.tasks import after_practice, expire_uncollected, flag, promise, release, remind
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.house.doors import API
from tests.practice.conftest import practicing, world_of

KINDS = ("begin", "start", "scan", "stage", "undo", "short", "give_back", "cancel", "reset", "decline")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 9),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def real_rows() -> dict[str, tuple]:
    """A fingerprint of each real table but those of sessions and of who practices where."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted(name for (name,) in cursor.fetchall() if not name.startswith(PERSONAL))
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM public."{table}" t')
            rows[table] = cursor.fetchone()
    return rows


@pytest.mark.django_db(transaction=True)
@settings(max_examples=8, phases=[Phase.generate])
@given(acts=ACTS)
def test_no_act_in_practice_changes_a_real_row(acts):
    store = LocationFactory()
    placed(line(stocked(store, 5), 1, at=store))
    lead = practicing(person("lead", at=store), store)
    release(timezone.now())
    before = real_rows()
    for name, n in acts:
        do(lead, name, n)
    for job in (release, expire_uncollected, remind, flag, promise):
        job(timezone.now())
    assert {t: v for t, v in real_rows().items() if before[t] != v} == {}


def do(client, name: str, n: int) -> None:
    """One act through the door, sensible or not; a refusal is as good as any answer."""
    with world_of(client):
        works = list(FulfillmentOrder.objects.order_by("-pk"))
        lists = list(PickList.objects.order_by("-pk"))
    work = works[n % len(works)]
    number = lists[n % len(lists)].number if lists else 1
    with world_of(client):
        wanted = work.lines.first()
        order = work.order.number
    path, data = {
        "begin": ("/practice/begin/", {"story": stories()[n % len(stories())].key}),
        "start": ("/pick/start/", {"count": str(n % 3 + 1)}),
        "scan": (f"/pick/{number}/scan/", {"code": GOODS[n % len(GOODS)].barcode}),
        "stage": (f"/pick/{number}/stage/", {"work": work.number, "code": "P-1"}),
        "undo": (f"/pick/{number}/undo/", {"line": str(wanted.pk)}),
        "short": (f"/pick/{number}/short/{wanted.pk}/", {"quantity": "1", "reason": "not-found"}),
        "give_back": (f"/pick/{number}/give-back/", {}),
        "cancel": (f"/orders/{order}/cancel/", {f"line-{wanted.order_line_id}": "1", "reason": "asked"}),
        "reset": ("/practice/reset/", {}),
        "decline": ("/pick/decline/", {"work": work.number, "reason": "no-staff"}),
    }[name]
    assert client.post(path, data).status_code < 500


@pytest.mark.django_db
def test_no_door_of_the_real_shop_shows_a_practice_row(apprentice, store):
    """HQ's lists and the API, walked as HQ and as a key that may read everything."""
    with connection.cursor() as cursor:  # HQ's own help names the first number of all as an example
        cursor.execute("SELECT setval('orders_order_number_seq', 10000777)")
    apprentice.post("/practice/begin/", {"story": "pickup"})
    apprentice.post("/pick/start/", {"count": "2"})
    with world_of(apprentice):
        order = str(FulfillmentOrder.objects.latest("pk").order.number)
    marks = ("PRACTICE-", "Ada Practice", order)
    hq = Client()
    hq.force_login(person("hq"), "django.contrib.auth.backends.ModelBackend")
    session = hq.session
    session["location_id"] = str(PracticeStore.objects.get().location_id)  # a stolen session value opens nothing
    session.save()
    for model in admin.site._registry:
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        shown = hq.get(reverse(label)).content.decode()
        assert not [mark for mark in marks if mark in shown], label
    scopes = sorted({scope for api in API.values() for scope in api.scopes.values()})
    _row, token = ApiKey.issue(name="all", scopes=scopes)
    for path, api in API.items():
        if "GET" in api.scopes and api.args is None:
            shown = Client().get(f"/api/v1/{path}?sku=PRACTICE-TEE", headers={"Authorization": f"Bearer {token}"})
            said = shown.content.decode().replace("No variant has the SKU PRACTICE-TEE.", "")
            assert not [mark for mark in marks if mark in said], path


@pytest.mark.django_db
def test_each_new_table_of_the_shop_is_a_twin_or_said_to_be_shared():
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in practice_tables.SHOP and model._meta.managed:
            is_shared = model._meta.label_lower in practice_tables.SHARED
            assert (model._meta.db_table in practice_tables.twins()) != is_shared


def test_what_follows_an_act_is_lent_to_the_frame():
    assert practice._follow_up == [after_practice]
