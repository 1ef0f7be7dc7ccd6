"""Regions and districts: the tree that people's scopes and closures hang on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LocationGroup(models.Model):
    class Kind(models.TextChoices):
        REGION = "region", _("Region")
        DISTRICT = "district", _("District")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("parent"), null=True, blank=True, related_name="children"
    )

    class Meta:
        verbose_name = _("location group")
        verbose_name_plural = _("location groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def with_descendants(ids: set[int]) -> set[int]:
        """These groups and everything below them; the tree is small, so it is read whole."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in LocationGroup.objects.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        reached, frontier = set(ids), list(ids)
        while frontier:
            below = [pk for pk in children.get(frontier.pop(), []) if pk not in reached]
            reached.update(below)
            frontier.extend(below)
        return reached

    @staticmethod
    def depths() -> dict[int, int]:
        """How many groups lie above each."""
        parents = dict(LocationGroup.objects.values_list("pk", "parent_id"))
        found: dict[int, int] = {}
        for pk in parents:
            above: list[int] = [pk]
            while (parent := parents[above[-1]]) is not None and parent not in above:
                above.append(parent)
            found[pk] = len(above) - 1
        return found

    @staticmethod
    def with_ancestors(pk: int | None) -> set[int]:
        """This group and everything above it."""
        parents = dict(LocationGroup.objects.values_list("pk", "parent_id")) if pk is not None else {}
        reached: set[int] = set()
        while pk is not None and pk not in reached:
            reached.add(pk)
            pk = parents.get(pk)
        return reached
