from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0006_cleared")]

    operations = [
        migrations.AddField("person", "visit", models.PositiveIntegerField(default=0)),
        migrations.AddField("representative", "visit", models.PositiveIntegerField(default=0)),
    ]
