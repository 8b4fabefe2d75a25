from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts of before are of care workers, and nobody's is an auditor's."""

    dependencies = [("staff", "0002_requests_about_accounts")]

    operations = [
        migrations.AddField("account", "care", models.BooleanField(default=True)),
        migrations.AddField("account", "auditor", models.BooleanField(default=False)),
    ]
