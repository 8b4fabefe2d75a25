"""Which looks were of the sample below the floor; the guards of the table are put on it anew."""

from django.db import migrations, models

from luwte.desk.audit.append_only import append_only

GUARDS = append_only(
    "review.Look", once=("ended", "answer", "undone", "undone_by", "undone_why"), clearable=True
)


class Migration(migrations.Migration):
    dependencies = [("review", "0004_kept_stakes")]

    operations = [
        migrations.RunPython(GUARDS.reverse_code or migrations.RunPython.noop, GUARDS.code),
        migrations.AddField("look", "sampled", models.BooleanField(default=False)),
        GUARDS,
    ]
