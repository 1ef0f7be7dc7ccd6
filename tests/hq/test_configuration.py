"""What HQ configures: hours, catalog, settings, people, keys, webhooks."""

import pytest
from django.urls import reverse

from inventory.models import Barcode
from omni.core.hq.show import page_url
from omni.core.models import ApiKey, Setting, User, WebhookEndpoint
from omni.core.settings_store import setting
from tests.factories import BarcodeFactory, VariantFactory, person

pytestmark = pytest.mark.django_db
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def location_form(store, **changes):
    week = {f"weekly_hours-{day}-0-from": "10:00" for day in DAYS} | {
        f"weekly_hours-{day}-0-to": "21:00" for day in DAYS
    }
    fields = ("code", "name", "kind", "timezone", "country", "preparation_minutes", "pick_pack_minutes",
              "offer_minutes", "wave_minutes", "wave_orders")  # fmt: skip
    plain = {name: getattr(store, name) for name in fields} | {
        "is_active": "on",
        "can_ship": "on",
        "can_pick_up": "on",
        "carrier_cut_off": "17:00",
    }
    return plain | week | changes


def test_hours_are_written_one_row_a_day(hq, store):
    data = location_form(
        store, **{"weekly_hours-sun-closed": "on", "weekly_hours-mon-1-from": "", "weekly_hours-mon-1-to": ""}
    )
    data |= {"weekly_hours-tue-0-to": "13:00", "weekly_hours-tue-1-from": "15:00", "weekly_hours-tue-1-to": "20:00"}
    response = hq.post(page_url("inventory.location", store.pk), data)
    assert response.status_code == 302
    store.refresh_from_db()
    assert "sun" not in store.weekly_hours
    assert store.weekly_hours["mon"] == [["10:00", "21:00"]]
    assert store.weekly_hours["tue"] == [["10:00", "13:00"], ["15:00", "20:00"]]
    page = hq.get(page_url("inventory.location", store.pk)).content.decode()
    assert "[[" not in page


@pytest.mark.parametrize(("start", "end"), [("21:00", "10:00"), ("ten", "21:00"), ("10:00", "25:00"), ("10:00", "")])
def test_hours_that_cannot_be_are_refused(hq, store, start, end):
    data = location_form(store, **{"weekly_hours-mon-0-from": start, "weekly_hours-mon-0-to": end})
    before = store.weekly_hours
    response = hq.post(page_url("inventory.location", store.pk), data)
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    store.refresh_from_db()
    assert store.weekly_hours == before


def test_a_page_saves_only_what_was_changed_on_it(hq, store):
    data = location_form(store, name="Oak Street North")
    type(store).objects.filter(pk=store.pk).update(pause_reason="set meanwhile", city="Fargo")
    hq.post(page_url("inventory.location", store.pk), data | {"city": ""})
    store.refresh_from_db()
    assert (store.name, store.pause_reason) == ("Oak Street North", "set meanwhile")


def variant_form(variant, *codes):
    data = {"sku": variant.sku, "options": "size: L, color: Sand", "is_active": "on"}
    data |= {"barcodes-TOTAL_FORMS": len(codes), "barcodes-INITIAL_FORMS": 0, "prices-TOTAL_FORMS": 0,
             "prices-INITIAL_FORMS": 0}  # fmt: skip
    for n, code in enumerate(codes):
        data |= {f"barcodes-{n}-code": code, f"barcodes-{n}-pack_quantity": 1, f"barcodes-{n}-variant": variant.pk}
    return data


def test_a_barcode_is_kept_in_one_form(hq):
    variant = VariantFactory()
    hq.post(page_url("inventory.variant", variant.pk), variant_form(variant, "036000291452"))
    assert variant.barcodes.get().code == "00036000291452"
    variant.refresh_from_db()
    assert variant.options == {"size": "L", "color": "Sand"}


def test_a_wrong_check_digit_is_told_with_the_right_one(hq):
    variant = VariantFactory()
    response = hq.post(page_url("inventory.variant", variant.pk), variant_form(variant, "036000291453"))
    assert (
        "Was 00036000291452 meant?" in response.content.decode()
        or "Was 036000291452 meant?" in response.content.decode()
    )
    assert not variant.barcodes.exists()


def test_a_barcode_in_another_padding_is_the_same_barcode(hq):
    known = BarcodeFactory(code="00036000291452")
    variant = VariantFactory()
    response = hq.post(page_url("inventory.variant", variant.pk), variant_form(variant, "0036000291452"))
    assert response.status_code == 200
    assert Barcode.objects.get(code="00036000291452").variant == known.variant


def setting_url(key):
    return reverse("admin:core_setting_change", args=[key.replace("_", "_5F")])


def test_a_setting_is_decided_with_who_when_and_what_before(hq):
    url = setting_url("orders.ship_grace_minutes")
    assert hq.post(url, {"value": "45", "reason": "customers asked"}).status_code == 302
    assert hq.post(url, {"value": "20", "reason": ""}).status_code == 302
    assert setting("orders.ship_grace_minutes") == 20
    page = hq.get(url).content.decode()
    assert "45 → 20" in page
    assert "customers asked" in page
    assert hq.user.shown_name in page


@pytest.mark.parametrize("value", ["-1", "1441", "many", ""])
def test_a_setting_stays_within_its_bounds(hq, value):
    response = hq.post(setting_url("orders.ship_grace_minutes"), {"value": value})
    assert response.status_code == 422
    assert not Setting.objects.exists()


def test_a_switch_is_a_tick(hq):
    hq.post(setting_url("orders.demo_partners"), {"value": "on"})
    assert Setting.objects.get(key="orders.demo_partners").value is True
    hq.post(setting_url("orders.demo_partners"), {})
    assert Setting.objects.get(key="orders.demo_partners").value is False


def user_form(user, *grants):
    data = {"username": user.username, "display_name": "Ana", "email": "", "is_active": "on",
            "grants-TOTAL_FORMS": len(grants), "grants-INITIAL_FORMS": 0}  # fmt: skip
    for n, (role, place) in enumerate(grants):
        data |= {f"grants-{n}-role": role, f"grants-{n}-scope": place, f"grants-{n}-user": user.pk}
    return data


def test_a_role_is_given_by_the_code_of_a_place(hq, store):
    user = User.objects.create_user("ana")
    grants = [("associate", "1001"), ("manager", "1001 Oak Street"), ("district", "north"), ("hq", "")]
    assert hq.post(page_url("core.user", user.pk), user_form(user, *grants)).status_code == 302
    places = dict(user.grants.values_list("role", "scope"))
    assert places == {
        "associate": store.scope,
        "manager": store.scope,
        "district": f"group:{store.group_id}",
        "hq": None,
    }
    page = hq.get(page_url("core.user", user.pk)).content.decode()
    assert 'value="1001 Oak Street"' in page
    assert "location:" not in page


def test_an_unknown_place_is_told(hq):
    user = User.objects.create_user("ana")
    response = hq.post(page_url("core.user", user.pk), user_form(user, ("associate", "9999")))
    assert "There is no place “9999”" in response.content.decode()
    assert not user.grants.exists()


def test_the_owner_of_the_system_is_not_changed_by_hq(hq):
    owner = User.objects.create_superuser("root")
    assert hq.post(page_url("core.user", owner.pk), user_form(owner)).status_code == 403
    assert hq.post(f"/hq/core/user/{owner.pk}/password/", {"password1": "x", "password2": "x"}).status_code == 403


def test_nobody_becomes_owner_by_a_form(hq):
    user = User.objects.create_user("ana")
    hq.post(page_url("core.user", user.pk), user_form(user) | {"is_superuser": "on", "is_staff": "on"})
    user.refresh_from_db()
    assert not user.is_superuser


def test_an_api_key_is_shown_once(hq, store):
    data = {"name": "shop", "scopes": ["events:read"], "channels": "web, pos", "locations": "1001\nnorth",
            "rate_per_minute": 100}  # fmt: skip
    response = hq.post(reverse("admin:core_apikey_add"), data)
    key = ApiKey.objects.get()
    token = response.content.decode().partition('tabindex="0">')[2].partition("<")[0]
    assert ApiKey.objects.for_token(token) == key
    assert key.locations == sorted([store.scope, f"group:{store.group_id}"])
    assert (key.channels, key.created_by) == (["web", "pos"], hq.user)
    assert "no-store" in response["Cache-Control"]
    assert token not in hq.get(page_url("core.apikey", key.pk)).content.decode()
    assert "messages" not in response.cookies


def test_a_scope_that_no_door_asks_for_is_refused(hq):
    data = {"name": "shop", "scopes": ["everything:write"], "rate_per_minute": 100}
    assert hq.post(reverse("admin:core_apikey_add"), data).status_code == 200
    assert not ApiKey.objects.exists()


def test_a_key_is_replaced_and_revoked(hq):
    key, token = ApiKey.issue(name="shop", scopes=["events:read"])
    page = hq.post(reverse("admin:core_apikey_act", args=["rotate"]), {"pk": key.pk, "hours": 1}).content.decode()
    twin = ApiKey.objects.exclude(pk=key.pk).get()
    assert ApiKey.objects.for_token(page.partition('tabindex="0">')[2].partition("<")[0]) == twin
    hq.post(reverse("admin:core_apikey_act", args=["revoke"]), {"pk": key.pk})
    assert ApiKey.objects.for_token(token) is None


def test_a_webhook_endpoint_is_made_and_its_secret_shown_once(hq):
    data = {"url": "https://93.184.215.14/hook", "description": "shop", "topics": "orders.*"}
    page = hq.post(reverse("admin:core_webhookendpoint_add"), data).content.decode()
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in page
    assert endpoint.secret not in hq.get(page_url("core.webhookendpoint", endpoint.pk)).content.decode()


@pytest.mark.parametrize("url", ["http://93.184.215.14/", "https://127.0.0.1/", "https://10.0.0.1/"])
def test_a_webhook_address_inside_the_house_is_refused(hq, url):
    response = hq.post(reverse("admin:core_webhookendpoint_add"), {"url": url, "topics": "*"})
    assert response.status_code == 200
    assert not WebhookEndpoint.objects.exists()


def test_a_person_who_left_is_made_inactive_and_stays_in_history(hq, store):
    user = person("associate", at=store)
    data = user_form(user) | {"grants-INITIAL_FORMS": 0}
    data.pop("is_active")
    hq.post(page_url("core.user", user.pk), data)
    user.refresh_from_db()
    assert not user.is_active
