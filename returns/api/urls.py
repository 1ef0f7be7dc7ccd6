"""Nothing yet: returns have no door for machines."""

from typing import Any

urlpatterns: list[Any] = []
