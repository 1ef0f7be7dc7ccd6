"""What the audits found."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import tag
from omni.core.models import AuditRun


def verdict(run: AuditRun) -> str:
    """The result of a run in a word."""
    if not run.violations:
        return tag(_("All adds up"), "done")
    return tag(ngettext("%d violation", "%d violations", run.violations) % run.violations, "stop")


@admin.register(AuditRun)
class AuditRunAdmin(ReadOnlyAdmin):
    """`manage.py audit` and its timer leave their results here."""

    section, position, reads = _("Settings and control"), 61, CONFIGURE
    long = True
    list_display = ["at", "result", "took"]
    fields = ["at", "result", "took", "findings"]

    @admin.display(description=_("result"))
    def result(self, run: AuditRun) -> str:
        return verdict(run)

    @admin.display(description=_("seconds"))
    def took(self, run: AuditRun) -> str:
        return f"{run.seconds:.1f}"

    @admin.display(description=_("checks"))
    def findings(self, run: AuditRun) -> str:
        rows = [
            (
                each["count"],
                each["description"],
                format_html_join("", "<br><code>{}</code>", ((v,) for v in each["first"])),
            )
            for each in run.results
        ]
        body = format_html_join("", '<tr><td class="number">{}</td><td>{}{}</td></tr>', rows)
        return format_html(
            '<table><thead><tr><th scope="col">{}</th><th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
            _("Violations"), _("What must hold"), body,
        )  # fmt: skip
