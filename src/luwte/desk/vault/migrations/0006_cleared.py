from django.db import migrations, models

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("vault", "0005_restoration")]

    operations = [
        migrations.CreateModel(
            name="Cleared",
            fields=[
                ("leaf", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digests", models.BinaryField()),
            ],
            options={"abstract": False},
        ),
        append_only("vault.Cleared"),
    ]
