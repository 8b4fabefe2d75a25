from django.db import migrations, models

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("vault", "0004_ring")]

    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("made", models.DateTimeField()),
                ("begun", models.DateTimeField()),
                ("loaded", models.DateTimeField(null=True)),
                ("finished", models.DateTimeField(null=True)),
            ],
        ),
        append_only("vault.Restoration", once=("loaded", "finished")),
    ]
