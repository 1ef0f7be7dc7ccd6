from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Words are found with typos, through trigram indexes."""

    initial = True
    dependencies = []
    operations = [TrigramExtension()]
