from django.db import migrations, models

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_restoration")]

    operations = [
        migrations.CreateModel(
            name="Cleared",
            fields=[
                ("leaf", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digests", models.BinaryField()),
            ],
            options={"abstract": False},
        ),
        append_only("audit.Cleared"),
    ]
