from django.db import migrations, models

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_clearing")]

    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("made", models.DateTimeField()),
                ("begun", models.DateTimeField()),
                ("loaded", models.DateTimeField(null=True)),
                ("finished", models.DateTimeField(null=True)),
                ("resumed", models.DateTimeField(null=True)),
                ("resumed_by", models.CharField(default="", max_length=64)),
            ],
        ),
        append_only("audit.Restoration", once=("loaded", "finished", "resumed", "resumed_by")),
    ]
