from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_keys_look_ups_and_erasure")]

    operations = [
        migrations.CreateModel(
            name="Ring",
            fields=[
                ("id", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=64)),
            ],
        )
    ]
