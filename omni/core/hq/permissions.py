"""Who may do what in HQ: the written table of capabilities decides, not Django's permission rows."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from omni.core.access import scopes

READ = "count"  # managers and above hold it; whoever may correct a store's stock may read what it is made of
CONFIGURE = "configure"
ENTRY = (READ, "adjust", "hours", CONFIGURE)


class ByCapability:
    """A page that asks `access.py`; where its rows belong to places, people see the rows of their places.

    `place_paths` lead from a row to its locations ("location", or "pk" for a location itself). A row of the whole
    chain has none; configuring the whole chain takes a grant for everywhere.
    """

    model: type[Model]
    reads = CONFIGURE
    adds = ""
    changes = ""
    place_paths: tuple[str, ...] = ()

    def holds(self, request: HttpRequest, capability: str) -> bool:
        """True where the person holds the capability wide enough for these rows."""
        if not capability:
            return False
        where = scopes(request.user, capability)
        if where is None or self.place_paths:
            return where is None or bool(where)
        return capability != CONFIGURE and bool(where)

    def within(self, request: HttpRequest, rows: QuerySet[Any], capability: str) -> QuerySet[Any]:
        """The rows that belong to places where the person holds the capability."""
        if not self.place_paths or scopes(request.user, capability) is None:
            return rows
        return rows.filter(self.at_places_of(request, capability))

    def at_places_of(self, request: HttpRequest, capability: str) -> Q:
        """The condition on one row; an admin whose rows reach their places by a longer way writes its own."""
        condition = Q()
        for path in self.place_paths:
            places = _model_at(self.model, path)._default_manager.for_user(request.user, capability)
            condition |= Q(**{f"{path}__in": places.values("pk")})
        return condition

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.holds(request, self.reads)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.reads)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.adds)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.holds(request, self.changes):
            return False
        if obj is None or not self.place_paths or scopes(request.user, self.changes) is None:
            return True
        return self.within(request, type(obj)._default_manager.filter(pk=obj.pk), self.changes).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted; what is over is inactive, discarded or closed."""
        return False


def _model_at(model: type[Model], path: str) -> Any:
    if path == "pk":
        return model
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model
