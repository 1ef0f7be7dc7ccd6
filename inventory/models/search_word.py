"""The words of the catalog: a mistyped one is mended by the nearest of these."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    word = models.CharField(_("word"), max_length=100, primary_key=True)
    title_count = models.PositiveIntegerField(_("in titles and brands"), default=0)
    option_count = models.PositiveIntegerField(_("in options"), default=0)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        indexes = [GistIndex(fields=["word"], name="search_word_trgm", opclasses=["gist_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
