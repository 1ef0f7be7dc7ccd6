"""Confidence in HQ: what was said and what was found, the rows behind it, and what a threshold would hold back."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import PickVisit, ShelfSign
from inventory.operations.fit_confidence import fit_confidence
from tests.factories import VariantFactory, person, stocked
from tests.factories.confidence import made_up_visits, model_in_force
from tests.hq.conftest import signed_in

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def said(model, store, chances):
    """Visits of which this was said: (chance, found)."""
    rows = made_up_visits([(VariantFactory().pk, store.pk)], len(chances), until=timezone.now())
    for row, (chance, found) in zip(rows, chances, strict=True):
        row.said, row.said_by, row.is_found, row.found, row.missed = chance, model, found, int(found), int(not found)
    PickVisit.objects.bulk_update(rows, ["said", "said_by", "is_found", "found", "missed"])


def test_before_anything_is_learned_the_page_says_what_will_come(hq):
    assert "Not known yet. After some hundred visits" in text(hq.get(reverse("admin:inventory_health")))


def test_the_picture_counts_what_was_found_by_what_was_said(hq, store):
    said(model_in_force(), store, [(0.95, True)] * 3 + [(0.95, False)] + [(0.35, False)])
    page = hq.get(reverse("admin:inventory_health"))
    assert "90–100 % 75 % of 4 visits, said 95 %" in text(page)
    assert "30–40 % 0 % of 1 visit, said 35 %" in text(page)
    assert "5 visits in 90 days" in text(page)
    brier, base = (3 * 0.05**2 + 0.95**2 + 0.35**2) / 5, (3 * 0.1**2 + 2 * 0.9**2) / 5
    assert f"Brier score {brier:.4f}; the share found before would have {base:.4f}" in text(page)


def test_each_bar_leads_to_its_visits(hq, store):
    said(model_in_force(), store, [(0.95, True), (1.0, True), (0.35, False)])
    page = hq.get(reverse("admin:inventory_health")).content.decode()
    (url,) = {unescape(each) for each in re.findall(r'href="([^"]*pickvisit/\?said=9)"', page)}
    assert {row.said for row in hq.get(url).context["cl"].result_list} == {0.95, 1.0}


def test_managers_see_the_visits_of_their_stores(signed_in_manager, store, other_store):
    said(model_in_force(), other_store, [(0.95, True)] * 3)
    assert "Not known yet" in text(signed_in_manager.get(reverse("admin:inventory_health")))


@pytest.fixture
def signed_in_manager(store):

    return signed_in(person("manager", at=store))


def test_a_model_s_page_says_how_well_it_did(hq, store):
    now = timezone.now()
    made_up_visits([(VariantFactory().pk, store.pk) for _ in range(5)], 600, until=now)
    model = fit_confidence(now=now)
    page = text(hq.get(reverse("admin:inventory_confidencemodel_change", args=[model.pk])))
    assert f"{model.brier:.4f}" in page
    assert f"{model.base_brier:.4f}" in page


def test_a_threshold_is_tried_before_it_is_set(hq, store):
    tee, cap = stocked(store, 5), stocked(store, 7)
    ShelfSign.objects.create(variant=tee, location=store, missed=1, missed_at=timezone.now() - timedelta(minutes=1))
    model_in_force(2.0, missed=-4.0)
    page = hq.get(reverse("admin:inventory_thresholds"), {"channel": "marketplace", "percent": 50})
    assert "1 shelf of 2 would be held back, 5 of 12 units." in text(page)
    assert re.search(r'href="[^"]*setting/inventory\.least_5Fconfidence_5Fmarketplace/', page.content.decode())
    assert cap.pk


def test_without_a_model_there_is_nothing_to_try(hq):
    page = hq.get(reverse("admin:inventory_thresholds"), {"channel": "web", "percent": 50})
    assert "No model is in force yet" in text(page)


@pytest.mark.parametrize("asked", [{"channel": "moon", "percent": 50}, {"channel": "web", "percent": 0}])
def test_a_threshold_that_makes_no_sense_is_said_so(hq, asked):
    model_in_force()
    page = hq.get(reverse("admin:inventory_thresholds"), asked)
    assert page.status_code == 200
    assert "would be held back" not in text(page)
