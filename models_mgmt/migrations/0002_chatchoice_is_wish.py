from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("models_mgmt", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="chatchoice",
            name="is_wish",
            field=models.BooleanField(default=True, help_text="Chosen, not only used"),
        ),
    ]
