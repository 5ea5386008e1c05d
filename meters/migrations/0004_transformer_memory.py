"""What transformers remember, in a table of its own.

On PostgreSQL a row is rewritten with each sample: it stays small, because what is seldom needed is
kept beside it, and finds room on its page.
"""

import telemetry_site.core.columns
from django.db import migrations, models

STORAGE = """
ALTER TABLE transformer_memory SET (fillfactor = 60, toast_tuple_target = 128);
ALTER TABLE transformer_memory ALTER COLUMN newest SET STORAGE PLAIN;
ALTER TABLE transformer_memory ALTER COLUMN older SET STORAGE EXTERNAL
"""


def store_apart(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(STORAGE)


class Migration(migrations.Migration):

    dependencies = [('meters', '0003_mark_spans')]

    operations = [
        migrations.CreateModel(
            name='TransformerMemory',
            fields=[
                ('key', models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ('newest', models.BinaryField()),
                ('older', models.BinaryField()),
                ('kinds', models.BinaryField()),
                ('touched', models.DateField()),
                ('due_at', telemetry_site.core.columns.MomentField(null=True)),
            ],
            options={
                'verbose_name_plural': 'transformer memory',
                'db_table': 'transformer_memory',
                'indexes': [
                    models.Index(
                        condition=models.Q(('due_at__isnull', False)),
                        fields=['due_at'],
                        name='memory_due',
                    ),
                ],
            },
        ),
        migrations.RunPython(store_apart, migrations.RunPython.noop),
    ]
