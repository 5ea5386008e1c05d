"""What transformers remember.

A row of the memory is rewritten with each sample: it stays small, because what is seldom needed is
kept in tables of its own, and finds room on its page.
"""

import telemetry_site.core.columns
from django.db import migrations, models

STORAGE = """
ALTER TABLE transformer_memory SET (fillfactor = 50, toast_tuple_target = 4096);
ALTER TABLE transformer_memory ALTER COLUMN newest SET STORAGE EXTERNAL;
ALTER TABLE transformer_history ALTER COLUMN content SET STORAGE EXTERNAL
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
        migrations.CreateModel(
            name='TransformerState',
            fields=[
                ('key', models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ('content', models.BinaryField()),
            ],
            options={'db_table': 'transformer_state'},
        ),
        migrations.CreateModel(
            name='TransformerHistory',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=16)),
                ('content', models.BinaryField()),
            ],
            options={
                'verbose_name_plural': 'transformer history',
                'db_table': 'transformer_history',
                'indexes': [models.Index(fields=['key'], name='history_key')],
            },
        ),
        migrations.RunPython(store_apart, migrations.RunPython.noop),
    ]
