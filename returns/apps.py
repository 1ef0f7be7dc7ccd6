from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "returns"
    verbose_name = _("Returns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from returns import first_policies, practice, story

        story.lend_sentences()
        practice.tell_stories()
        post_migrate.connect(first_policies.make_first_policies, sender=self)
