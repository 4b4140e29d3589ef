"""What somebody may see decides which of others' views they see.

The database has the default as well: versions that know nothing of it go on writing while they are
replaced.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("saved", "0001_saved_views"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="permit",
            field=models.TextField(db_default="[]", default="[]"),
        ),
    ]
