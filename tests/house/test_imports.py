"""Who may know whom: imports by import-linter, and the foreign keys that it cannot see."""

import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings

# Each may point at itself and at what stands left of it; inventory and customers are blind to each other.
BELOW = {
    "core": {"core"},
    "inventory": {"core", "inventory"},
    "customers": {"core", "customers"},
    "orders": {"core", "inventory", "customers", "orders"},
    "returns": {"core", "inventory", "customers", "orders", "returns"},
}


def test_foreign_keys_point_down_only():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for label, below in BELOW.items()
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model._meta.app_label not in below
        and not (label == "core" and field.related_model._meta.app_label in {"auth", "contenttypes"})
    ]  # fmt: skip
    assert not upward


def test_the_import_contracts_hold():
    root = Path(settings.BASE_DIR)
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
