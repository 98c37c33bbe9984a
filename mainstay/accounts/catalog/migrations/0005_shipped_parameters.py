"""Give shipped products that were loaded before families and parameters were kept theirs."""

from typing import Any

from django.db import migrations

from mainstay.accounts.catalog.shipped import PARAMETERS


def fill(apps: Any, schema_editor: Any) -> None:
    Product = apps.get_model("catalog", "Product")
    for code, (family, speeds, interfaces, reaches) in PARAMETERS.items():
        Product.objects.filter(code=code, family="other").update(
            family=family, speeds_kbps=list(speeds), interfaces=list(interfaces), reaches=list(reaches)
        )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_offerings")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
