"""Lists for people: short ones with page numbers, long ones read along an index without counting them."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest
from django.utils.text import capfirst

OLDER, NEWER = "older", "newer"

# A partitioned table has no rows of its own; its parts are counted by the last ANALYZE or vacuum of each.
ESTIMATE = """
SELECT sum(greatest(c.reltuples, 0))::bigint FROM pg_class c
 WHERE c.relkind = 'r' AND (c.oid = %(table)s::regclass
    OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %(table)s::regclass))
"""


class ShortList(ChangeList):
    """A list whose table stays small: stores, people, settings."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.title = capfirst(str(self.opts.verbose_name_plural))
        self.without_search = self.get_query_string(remove=[SEARCH_VAR])


class LongList(ShortList):
    """A list that grows for ever. It is walked by key ("older than this one") and never counted."""

    long = True
    model_admin: Any

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        kept = super().get_filters_params(params)
        return {name: value for name, value in kept.items() if name not in {OLDER, NEWER}}

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """A link that changes a filter begins at the first page again."""
        return super().get_query_string({OLDER: None, NEWER: None} | (new_params or {}), remove)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """One indexed key; nobody sorts a million rows by a column without an index."""
        admin = self.model_admin
        return [f"-{admin.walk_by}" if admin.newest_first else admin.walk_by]

    def get_results(self, request: HttpRequest) -> None:
        key = self.model_admin.walk_by
        rows, before, after = self._walk(key)
        self.result_list = rows
        self.result_count = self.full_result_count = len(rows)
        self.show_full_result_count = False
        self.show_admin_actions = bool(rows)
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(rows, self.list_per_page)
        self.previous_page = self._page(NEWER, rows[0], key) if rows and before else ""
        self.next_page = self._page(OLDER, rows[-1], key) if rows and after else ""
        self.is_whole = not (before or after)
        self.estimate = self._estimate() if self._is_unfiltered() and not self.is_whole else None

    def _walk(self, key: str) -> tuple[list[Any], bool, bool]:
        """One page, and whether there is something before and after it; reads one row more than it shows."""
        forward, backward = ("lt", "gt") if self.model_admin.newest_first else ("gt", "lt")
        size = self.list_per_page
        if since := self._cursor(NEWER):
            rows = list(self.queryset.filter(**{f"{key}__{backward}": since}).reverse()[: size + 1])
            return rows[:size][::-1], len(rows) > size, True
        if since := self._cursor(OLDER):
            rows = list(self.queryset.filter(**{f"{key}__{forward}": since})[: size + 1])
            return rows[:size], True, len(rows) > size
        rows = list(self.queryset[: size + 1])
        return rows[:size], False, len(rows) > size

    def _cursor(self, name: str) -> Any:
        text = self.params.get(name)
        if not text:
            return None
        try:
            return self._key_field().to_python(text)
        except ValidationError as error:
            raise IncorrectLookupParameters(error) from error

    def _key_field(self) -> Any:
        name = self.model_admin.walk_by
        return self.opts.pk if name == "pk" else self.opts.get_field(name)

    def _page(self, name: str, row: Any, key: str) -> str:
        return self.get_query_string({name: getattr(row, key)})

    def _is_unfiltered(self) -> bool:
        return not self.query and not self.get_filters_params() and not self.queryset.query.where

    def _estimate(self) -> int | None:
        """About how many rows there are, from the database's own statistics."""
        with connection.cursor() as cursor:
            cursor.execute(ESTIMATE, {"table": self.opts.db_table})
            return cursor.fetchone()[0] or None
