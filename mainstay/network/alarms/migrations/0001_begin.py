"""Makes the room's first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("alarm_type", models.CharField(max_length=80)),
                ("probable_cause", models.CharField(blank=True, max_length=80)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("critical", "Critical"),
                            ("major", "Major"),
                            ("minor", "Minor"),
                            ("warning", "Warning"),
                            ("indeterminate", "Indeterminate"),
                            ("cleared", "Cleared"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "effect",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "no effect"), (1, "degrades service"), (2, "interrupts service")]
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=400)),
                ("raised_at", models.DateTimeField()),
                ("began_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                ("reports", models.PositiveIntegerField(default=1)),
                ("flapping", models.BooleanField(default=False)),
                ("clock_off", models.BooleanField(default=False)),
                ("planned", models.BooleanField(default=False)),
                ("is_cause", models.BooleanField(default=False)),
                ("reason", models.JSONField(default=dict)),
                ("acknowledged_by", models.CharField(blank=True, max_length=80)),
                ("acknowledged_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AlarmReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(blank=True, max_length=80)),
                ("kind", models.CharField(choices=[("raise", "Raised"), ("clear", "Cleared")], max_length=8)),
                ("resource_ref", models.CharField(max_length=120)),
                ("alarm_type", models.CharField(max_length=80)),
                ("probable_cause", models.CharField(blank=True, max_length=80)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("critical", "Critical"),
                            ("major", "Major"),
                            ("minor", "Minor"),
                            ("warning", "Warning"),
                            ("indeterminate", "Indeterminate"),
                            ("cleared", "Cleared"),
                        ],
                        max_length=16,
                    ),
                ),
                ("event_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("text", models.CharField(blank=True, max_length=400)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting"),
                            ("stored", "New alarm"),
                            ("duplicate", "Counted on a standing alarm"),
                            ("cleared", "Cleared an alarm"),
                            ("nothing", "Nothing to clear"),
                            ("quarantined", "Quarantined"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("alarm_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AlarmSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("quiet_s", models.PositiveIntegerField(default=0)),
                ("silence_after_s", models.PositiveIntegerField(default=0)),
                ("skew_tolerance_s", models.PositiveIntegerField(default=900)),
                ("flap_count", models.PositiveSmallIntegerField(default=4)),
                ("flap_window_s", models.PositiveIntegerField(default=120)),
                ("flap_hold_s", models.PositiveIntegerField(default=120)),
                ("last_report_at", models.DateTimeField(null=True)),
                ("silent_since", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="EffectRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("alarm_type", models.CharField(blank=True, max_length=80)),
                ("resource_kind", models.CharField(blank=True, max_length=8)),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("critical", "Critical"),
                            ("major", "Major"),
                            ("minor", "Minor"),
                            ("warning", "Warning"),
                            ("indeterminate", "Indeterminate"),
                            ("cleared", "Cleared"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "effect",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "no effect"), (1, "degrades service"), (2, "interrupts service")]
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Impact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=12)),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Up"), (1, "Unprotected"), (2, "Degraded"), (3, "Down")]
                    ),
                ),
                ("planned", models.BooleanField(default=False)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                ("detected_at", models.DateTimeField()),
                ("not_affected_at", models.DateTimeField(null=True)),
                ("not_affected_by", models.CharField(blank=True, max_length=80)),
                ("not_affected_why", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("fault", "Fault"), ("silent_source", "Silent source")], default="fault", max_length=16
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("claimed", "Claimed"),
                            ("restored", "Restored"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("cause_label", models.CharField(max_length=160)),
                ("cause_inferred", models.BooleanField(default=False)),
                ("reason", models.JSONField(default=dict)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                (
                    "worst_state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Up"), (1, "Unprotected"), (2, "Degraded"), (3, "Down")], default=0
                    ),
                ),
                ("planned", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("detected_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("eta_at", models.DateTimeField(null=True)),
                ("next_update_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="IntakeBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("received_at", models.DateTimeField()),
                ("answer", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="QuarantinedResource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("resource_ref", models.CharField(max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To be placed"), ("placed", "Placed"), ("ignored", "Ignored")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("reports", models.PositiveIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("last_text", models.CharField(blank=True, max_length=400)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
