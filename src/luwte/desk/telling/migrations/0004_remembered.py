from django.db import migrations, models

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("telling", "0003_coverage_statement")]

    operations = [
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.CharField(db_index=True, max_length=32)),
                ("recipient", models.CharField(max_length=32)),
                ("mark", models.CharField(blank=True, max_length=32)),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        append_only("telling.Remembered", clearable=True),
    ]
