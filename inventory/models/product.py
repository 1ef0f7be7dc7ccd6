"""What is sold: products, their variants, barcodes and prices."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from inventory.gtin import normalize


class TitleWords(Func):
    """The words of a title and a brand. What joins two words parts them here: PostgreSQL would take "gravy/sauce" for
    the name of a file, "6/12" for one number and "-5" for a negative one."""

    template = "to_tsvector('simple'::regconfig, translate(%(expressions)s, '/-:&+,;|_@=', '           '))"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class Product(models.Model):
    code = models.CharField(_("code"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=300)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    category = models.CharField(
        _("category"),
        max_length=200,
        blank=True,
        db_index=True,
        help_text=_("A path, such as Apparel > Shirts."),
    )
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=40))),
        help_text=_("Words that rules can speak of, separated by commas."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            GinIndex(fields=["title"], name="product_title_trgm", opclasses=["gin_trgm_ops"]),
            # The words of `inventory.search`, which writes the same expression.
            GinIndex(TitleWords(F("title"), F("brand")), name="product_words"),
        ]

    def __str__(self) -> str:
        return self.title


class OptionWords(Func):
    """The values of a variant's options, as words to search."""

    function = "jsonb_to_tsvector"
    output_field = SearchVectorField()

    def __init__(self, options) -> None:
        super().__init__(RawSQL("'simple'::regconfig", []), options, RawSQL("""'["string", "numeric"]'::jsonb""", []))


class VariantQuerySet(models.QuerySet["Variant"]):
    def by_code(self, code: str) -> "VariantQuerySet":
        """What a scanned or typed code means: a barcode in any of its paddings, or a SKU."""
        return self.filter(Q(barcodes__code=normalize(code)) | Q(sku__iexact=code.strip())).distinct()


class Variant(models.Model):
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="variants")
    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    options = models.JSONField(_("options"), default=dict, blank=True, help_text=_('{"size": "M", "color": "Sand"}'))
    weight_g = models.PositiveIntegerField(_("weight in grams"), null=True, blank=True)
    length_mm = models.PositiveIntegerField(_("length in mm"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("width in mm"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("height in mm"), null=True, blank=True)
    unit_cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=4, null=True, blank=True)
    tax_category = models.CharField(_("tax category"), max_length=40, blank=True)
    is_hazmat = models.BooleanField(_("hazmat"), default=False)
    is_age_restricted = models.BooleanField(_("age-restricted"), default=False)
    is_serial_tracked = models.BooleanField(_("serial-tracked"), default=False)
    is_final_sale = models.BooleanField(_("final sale"), default=False)
    may_split = models.BooleanField(
        _("may be split"), default=False, help_text=_("Of a kit: its parts may be sent from different locations.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = VariantQuerySet.as_manager()

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        indexes = [
            models.Index(OpClass(Upper("sku"), "text_pattern_ops"), name="variant_sku_begins"),
            GinIndex(OptionWords(F("options")), name="variant_words"),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def codes(self) -> list[str]:
        """What a scanner or a person may say for one unit of it; read `barcodes` before for many."""
        return [self.sku, *(each.code for each in self.barcodes.all() if each.pack_quantity == 1)]

    @property
    def title(self) -> str:
        """Product title and options as one line: "Linen shirt, M, Sand"."""
        return ", ".join([self.product.title, *(str(value) for value in self.options.values())])


class Barcode(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="barcodes")
    code = models.CharField(_("code"), max_length=64, unique=True, help_text=_("GTINs zero-padded to 14 digits."))
    pack_quantity = models.PositiveIntegerField(_("units per scan"), default=1)

    class Meta:
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")
        constraints = [models.CheckConstraint(name="barcode_packs_something", condition=Q(pack_quantity__gte=1))]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        self.code = normalize(self.code)


class Price(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="prices")
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["variant", "currency"], name="one_price_per_currency"),
            models.CheckConstraint(name="price_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
