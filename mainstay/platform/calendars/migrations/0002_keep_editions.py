"""Keeps what calendars said, so that running clocks can be frozen on it; what they say today is kept at once."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def keep_today(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep what each calendar says today under its stamp: clocks made from now on are frozen on it."""
    calendar, hours, day, table, edition = (
        apps.get_model("calendars", name)
        for name in ("Calendar", "WorkingHours", "SpecialDay", "YearTable", "CalendarEdition")
    )
    for row in calendar.objects.exclude(stamp=""):
        week: list[list[list[int]]] = [[] for _ in range(7)]
        for piece in hours.objects.filter(calendar=row).order_by("weekday", "from_minute"):
            week[piece.weekday].append([piece.from_minute, piece.to_minute])
        country = "" if row.always else row.special_days
        days = day.objects.filter(table__country=country).order_by("on") if country else ()
        content = {
            "name": row.name, "tz": row.time_zone, "always": row.always, "week": week,
            "days": [[d.on.isoformat(), d.kind, d.label, d.hours] for d in days],
            "known_until": _known_until(table, country),
        }  # fmt: skip
        edition.objects.get_or_create(
            stamp=row.stamp, defaults={"code": row.code, "content": content, "made_at": timezone.now()}
        )


def _known_until(table: type[models.Model], country: str) -> str | None:
    if not country:
        return None
    years = sorted(table.objects.filter(country=country).values_list("year", flat=True))  # type: ignore[attr-defined]
    if not years:
        return "1970-12-31"
    last = years[0]
    while last + 1 in years:
        last += 1
    return f"{last}-12-31"


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0001_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stamp", models.CharField(max_length=64, unique=True)),
                ("code", models.CharField(max_length=32)),
                ("content", models.JSONField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["code", "-made_at"], name="edition_by_calendar")],
            },
        ),
        migrations.RunPython(keep_today, migrations.RunPython.noop),
    ]
