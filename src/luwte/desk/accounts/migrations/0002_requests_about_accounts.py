from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests of before are about no account and have no half of a link: they are asked anew."""

    dependencies = [("staff", "0001_initial")]

    operations = [
        migrations.AddField("request", "account", models.BigIntegerField(null=True)),
        migrations.AddField("request", "half", models.CharField(max_length=64, blank=True, default="")),
    ]
