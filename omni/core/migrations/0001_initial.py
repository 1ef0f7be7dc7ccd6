import uuid

import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import omni.core.models.fields
import omni.core.models.webhook


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                (
                    "results",
                    models.JSONField(
                        default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="results"
                    ),
                ),
                ("violations", models.PositiveIntegerField(default=0, verbose_name="violations")),
                ("seconds", models.FloatField(default=0, verbose_name="seconds")),
            ],
            options={
                "verbose_name": "audit",
                "verbose_name_plural": "audits",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Setting",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name="key")),
                ("value", models.JSONField(verbose_name="value")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="changed at"
                    ),
                ),
            ],
            options={
                "verbose_name": "setting",
                "verbose_name_plural": "settings",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("display_name", models.CharField(blank=True, max_length=120, verbose_name="display name")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=omni.core.models.fields.UuidV7(), editable=False, unique=True, verbose_name="id"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("till", "Shared till"), ("handheld", "Personal handheld")],
                        default="till",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        help_text="location:ID, the one store it belongs to.", max_length=64, verbose_name="place"
                    ),
                ),
                ("code_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("code_expires_at", models.DateTimeField(blank=True, null=True, verbose_name="code is good until")),
                ("digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("invited_at", models.DateTimeField(verbose_name="announced")),
                ("enrolled_at", models.DateTimeField(blank=True, null=True, verbose_name="enrolled")),
                ("last_seen_at", models.DateTimeField(blank=True, null=True, verbose_name="last seen")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                ("revoked_by", models.CharField(blank=True, max_length=200, verbose_name="revoked by")),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="enrolled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "device",
                "verbose_name_plural": "devices",
            },
        ),
        migrations.CreateModel(
            name="DeviceVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_at", models.DateTimeField(verbose_name="last here")),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="core.device",
                        verbose_name="device",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit at a device",
                "verbose_name_plural": "visits at devices",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=omni.core.models.fields.UuidV7(), editable=False, unique=True, verbose_name="id"
                    ),
                ),
                ("position", models.BigIntegerField(editable=False, null=True, unique=True, verbose_name="position")),
                ("topic", models.CharField(max_length=100, verbose_name="topic")),
                ("aggregate_type", models.CharField(max_length=60, verbose_name="about")),
                ("aggregate_id", models.CharField(max_length=64, verbose_name="which")),
                ("sequence", models.IntegerField(editable=False, null=True, verbose_name="sequence")),
                (
                    "payload",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="content"
                    ),
                ),
                ("actor", models.CharField(blank=True, max_length=200, verbose_name="by")),
                (
                    "occurred_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="happened at"
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="recorded at"
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="core_event_unstamped"),
                    models.Index(fields=["topic", "position"], name="core_event_topic"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("aggregate_type", "aggregate_id", "sequence"), name="core_event_sequence_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("position", None), ("sequence", None)),
                            models.Q(("position__isnull", False), ("sequence__isnull", False)),
                            _connector="OR",
                        ),
                        name="core_event_stamped_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("done", "Done"),
                            ("dead", "Given up"),
                            ("discarded", "Discarded"),
                        ],
                        db_default="pending",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "lane",
                    models.CharField(
                        editable=False,
                        help_text="Pieces of one lane are done in order, one after the other.",
                        max_length=255,
                    ),
                ),
                ("position", models.BigIntegerField(editable=False, verbose_name="position")),
                ("attempts", models.PositiveIntegerField(db_default=0, verbose_name="attempts")),
                (
                    "available_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="next attempt"
                    ),
                ),
                ("lease_token", models.UUIDField(editable=False, null=True)),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.TextField(blank=True, db_default="", verbose_name="last error")),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished at")),
                ("subscriber", models.CharField(max_length=100, verbose_name="subscriber")),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="core.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "event delivery",
                "verbose_name_plural": "event deliveries",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("partner", "Dropship partner"),
                            ("associate", "Associate"),
                            ("lead", "Store lead"),
                            ("manager", "Store manager"),
                            ("district", "District manager"),
                            ("hq", "HQ"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        help_text="location:ID or group:ID; empty means everywhere.",
                        max_length=64,
                        null=True,
                        verbose_name="scope",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal", models.UUIDField(verbose_name="caller")),
                ("key", models.CharField(max_length=255, verbose_name="key")),
                ("method", models.CharField(max_length=10)),
                ("path", models.CharField(max_length=500)),
                ("body_digest", models.CharField(max_length=64)),
                ("response_status", models.PositiveSmallIntegerField(null=True, verbose_name="status")),
                ("response_body", models.TextField(null=True, verbose_name="answer")),
                ("response_headers", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
            ],
            options={
                "verbose_name": "idempotency key",
                "verbose_name_plural": "idempotency keys",
                "indexes": [models.Index(fields=["created_at"], name="core_idempotency_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("principal", "key"), name="core_idempotency_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None),
                            models.Q(("response_body__isnull", False), ("response_status__isnull", False)),
                            _connector="OR",
                        ),
                        name="core_idempotency_keeps_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=30, verbose_name="source")),
                ("event_id", models.CharField(max_length=150, verbose_name="id at the source")),
                (
                    "body",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="content"),
                ),
                (
                    "received_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="received at"
                    ),
                ),
                ("handled_at", models.DateTimeField(editable=False, null=True, verbose_name="handled at")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="problem")),
            ],
            options={
                "verbose_name": "inbound message",
                "verbose_name_plural": "inbound messages",
                "indexes": [models.Index(fields=["received_at"], name="core_inbound_age")],
                "constraints": [models.UniqueConstraint(fields=("source", "event_id"), name="core_inbound_once")],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=omni.core.models.fields.UuidV7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        db_default="waiting",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("total", models.PositiveIntegerField(null=True, verbose_name="total")),
                ("done", models.PositiveIntegerField(db_default=0, verbose_name="done")),
                ("arguments", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "errors",
                    models.JSONField(
                        default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="errors"
                    ),
                ),
                ("error_count", models.PositiveIntegerField(db_default=0, verbose_name="number of errors")),
                (
                    "result",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="result"
                    ),
                ),
                ("actor", models.CharField(blank=True, max_length=200, verbose_name="by")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created at"
                    ),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=100, verbose_name="job")),
                ("slot", models.DateTimeField(verbose_name="slot")),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="started at"
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("error", models.TextField(blank=True, db_default="", verbose_name="error")),
            ],
            options={
                "verbose_name": "job run",
                "verbose_name_plural": "job runs",
                "constraints": [models.UniqueConstraint(fields=("job", "slot"), name="core_job_run_once")],
            },
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(editable=False, max_length=200)),
                ("failed_tries", models.PositiveSmallIntegerField(default=0, verbose_name="failed tries")),
                ("lockouts", models.PositiveSmallIntegerField(default=0, verbose_name="times locked in a row")),
                ("locked_until", models.DateTimeField(blank=True, null=True, verbose_name="locked until")),
                (
                    "is_temporary",
                    models.BooleanField(
                        default=False,
                        help_text="Given by somebody else: good for signing in, not for approving.",
                        verbose_name="temporary",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="set")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pin",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "PIN",
                "verbose_name_plural": "PINs",
            },
        ),
        migrations.CreateModel(
            name="PracticeStore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("location_id", models.BigIntegerField(null=True, unique=True, verbose_name="practice location")),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="opened"),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="practice_store",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "practice store",
                "verbose_name_plural": "practice stores",
            },
        ),
        migrations.CreateModel(
            name="StateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_type", models.CharField(max_length=60, verbose_name="what")),
                ("subject_id", models.CharField(max_length=64, verbose_name="which")),
                ("from_status", models.TextField(blank=True, verbose_name="from")),
                ("to_status", models.TextField(verbose_name="to")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                ("actor", models.CharField(max_length=200, verbose_name="actor")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "state change",
                "verbose_name_plural": "state changes",
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=omni.core.models.fields.UuidV7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("url", models.CharField(max_length=2000, verbose_name="address")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), size=None, verbose_name="topics"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="A location's code: it is told of this place's events and of no other's. Empty: of all.",
                        max_length=40,
                        verbose_name="only of",
                    ),
                ),
                (
                    "secret",
                    models.CharField(default=omni.core.models.webhook.new_secret, editable=False, max_length=100),
                ),
                ("previous_secret", models.CharField(blank=True, db_default="", editable=False, max_length=100)),
                ("previous_secret_until", models.DateTimeField(editable=False, null=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "failures",
                    models.PositiveIntegerField(db_default=0, editable=False, verbose_name="failures in a row"),
                ),
                ("paused_until", models.DateTimeField(editable=False, null=True, verbose_name="paused until")),
                ("actor", models.CharField(blank=True, editable=False, max_length=200, verbose_name="created by")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created at"
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook endpoint",
                "verbose_name_plural": "webhook endpoints",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("topics__len__gte", 1)), name="core_endpoint_some_topic")
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("done", "Done"),
                            ("dead", "Given up"),
                            ("discarded", "Discarded"),
                        ],
                        db_default="pending",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "lane",
                    models.CharField(
                        editable=False,
                        help_text="Pieces of one lane are done in order, one after the other.",
                        max_length=255,
                    ),
                ),
                ("position", models.BigIntegerField(editable=False, verbose_name="position")),
                ("attempts", models.PositiveIntegerField(db_default=0, verbose_name="attempts")),
                (
                    "available_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="next attempt"
                    ),
                ),
                ("lease_token", models.UUIDField(editable=False, null=True)),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.TextField(blank=True, db_default="", verbose_name="last error")),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished at")),
                ("response_status", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="answer")),
                (
                    "response_excerpt",
                    models.TextField(blank=True, db_default="", editable=False, verbose_name="beginning of the answer"),
                ),
                ("duration_ms", models.PositiveIntegerField(editable=False, null=True, verbose_name="milliseconds")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created at"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="core.webhookendpoint",
                        verbose_name="endpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("lineage", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("prefix", models.CharField(editable=False, max_length=12, verbose_name="begins with")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="scopes",
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        blank=True,
                        default=list,
                        help_text="Empty means all channels.",
                        size=None,
                        verbose_name="channels",
                    ),
                ),
                (
                    "locations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        blank=True,
                        default=list,
                        help_text="location:ID or group:ID; empty means all locations.",
                        size=None,
                        verbose_name="locations",
                    ),
                ),
                ("rate_per_minute", models.PositiveIntegerField(default=6000, verbose_name="requests per minute")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created at"
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used at")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate_per_minute__gte", 1)), name="core_api_key_some_rate"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["scope"], name="core_device_place"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__regex", "^location:[0-9]+$")), name="core_device_of_one_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("enrolled_at", None), ("digest__isnull", False), _connector="OR"),
                name="core_device_enrolled_has_token",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicevisit",
            constraint=models.UniqueConstraint(fields=("device", "user"), name="core_device_visit_once"),
        ),
        migrations.AddIndex(
            model_name="eventdelivery",
            index=models.Index(condition=models.Q(("status", "pending")), fields=["position"], name="core_evdel_due"),
        ),
        migrations.AddIndex(
            model_name="eventdelivery",
            index=models.Index(
                condition=models.Q(("status", "pending")), fields=["lane", "position"], name="core_evdel_lane"
            ),
        ),
        migrations.AddIndex(
            model_name="eventdelivery",
            index=models.Index(
                condition=models.Q(("status", "pending"), _negated=True), fields=["finished_at"], name="core_evdel_over"
            ),
        ),
        migrations.AddIndex(
            model_name="eventdelivery",
            index=models.Index(condition=models.Q(("status", "dead")), fields=["id"], name="core_evdel_dead"),
        ),
        migrations.AddConstraint(
            model_name="eventdelivery",
            constraint=models.UniqueConstraint(fields=("event", "subscriber"), name="core_event_delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="eventdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["pending", "done", "dead", "discarded"])),
                name="core_evdel_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("user", "role", "scope"), name="core_grant_once_per_place", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["partner", "associate", "lead", "manager", "district", "hq"])),
                name="core_grant_known_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "partner"), _negated=True),
                    models.Q(("scope__isnull", False), ("scope__startswith", "location:")),
                    _connector="OR",
                ),
                name="core_grant_partner_of_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "partner")), fields=("user",), name="core_grant_one_partner_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope__isnull", True), ("scope__regex", "^(location|group):[^:\\s]+$"), _connector="OR"
                ),
                name="core_grant_scope_shape",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["kind", "-created_at"], name="core_job_latest"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "running", "done", "failed"])),
                name="core_job_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.CheckConstraint(condition=models.Q(("failed_tries__lte", 5)), name="core_pin_five_tries"),
        ),
        migrations.AddIndex(
            model_name="statechange",
            index=models.Index(fields=["subject_type", "subject_id", "id"], name="core_statechange_story"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(condition=models.Q(("status", "pending")), fields=["position"], name="core_whdel_due"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("status", "pending")), fields=["lane", "position"], name="core_whdel_lane"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("status", "pending"), _negated=True), fields=["finished_at"], name="core_whdel_over"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(condition=models.Q(("status", "dead")), fields=["id"], name="core_whdel_dead"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["endpoint", "-position"], name="core_whdel_log"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("endpoint", "event"), name="core_webhook_delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["pending", "done", "dead", "discarded"])),
                name="core_whdel_known_status",
            ),
        ),
    ]
