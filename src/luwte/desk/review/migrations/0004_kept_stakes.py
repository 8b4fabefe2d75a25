from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_rows_that_stay")]

    operations = [
        migrations.CreateModel(
            name="KeptStake",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("series", models.CharField(max_length=200)),
                ("case", models.CharField(max_length=32)),
                ("settled", models.BooleanField()),
                ("right", models.DateTimeField(null=True)),
                ("only", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("series", "case"), name="stake_kept_once")],
            },
        )
    ]
