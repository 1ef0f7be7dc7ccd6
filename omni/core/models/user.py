"""Who works here, and what they may do where."""

from collections.abc import Collection
from typing import Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The five roles of the chain, and a dropship partner's people; what each may do is written in access.py."""

    PARTNER = "partner", _("Dropship partner")
    ASSOCIATE = "associate", _("Associate")
    LEAD = "lead", _("Store lead")
    MANAGER = "manager", _("Store manager")
    DISTRICT = "district", _("District manager")
    HQ = "hq", _("HQ")


class UserQuerySet(models.QuerySet["User"]):
    """The staff as screens look for it."""

    def holding(self, roles: Collection[str], *, at: Collection[str], everywhere: bool = True) -> Self:
        """Active people with one of these roles under one of these scopes, or (where that counts too) everywhere."""
        there = Q(scope__in=at) | Q(scope=None) if everywhere else Q(scope__in=at)
        held = Grant.objects.filter(there, user=OuterRef("pk"), role__in=roles)
        return self.filter(Exists(held), is_active=True).order_by("display_name", "username")

    def holding_only(self, roles: Collection[str], *, at: Collection[str]) -> Self:
        """Those who hold nothing else, and nothing elsewhere."""
        other = Grant.objects.filter(user=OuterRef("pk")).exclude(role__in=roles, scope__in=at)
        return self.holding(roles, at=at, everywhere=False).filter(~Exists(other), is_superuser=False)


class People(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class User(AbstractUser):
    """A person of the staff; customers are not users."""

    display_name = models.CharField(_("display name"), max_length=120, blank=True)

    objects = People()  # type: ignore[misc]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name colleagues see on a claimed order."""
        return self.display_name or self.get_full_name() or self.username


class Grant(models.Model):
    """One role in one place: a location, a group of locations, or everywhere."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    scope = models.CharField(
        _("scope"),
        max_length=64,
        null=True,
        blank=True,
        help_text=_("location:ID or group:ID; empty means everywhere."),
    )

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope"], nulls_distinct=False, name="core_grant_once_per_place"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="core_grant_known_role"),
            models.CheckConstraint(
                condition=~models.Q(role="partner") | models.Q(scope__startswith="location:", scope__isnull=False),
                name="core_grant_partner_of_one_place",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(role="partner"), name="core_grant_one_partner_each"
            ),
            models.CheckConstraint(
                condition=models.Q(scope__isnull=True) | models.Q(scope__regex=r"^(location|group):[^:\s]+$"),
                name="core_grant_scope_shape",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} @ {self.scope or '*'}"

    def save(self, *args: object, **kwargs: object) -> None:
        # A form hands in "" for an empty field; everywhere is NULL, and nothing else.
        self.scope = self.scope or None
        super().save(*args, **kwargs)  # type: ignore[arg-type]
