"""Series, snapshots, the sample table made by hand, and the keys of repeated posts."""

import django.db.models.deletion
import telemetry_site.core.columns
from django.db import migrations, models

POSTGRESQL = """
    CREATE TABLE sample (
        series_id integer NOT NULL,
        metadata_id integer NOT NULL,
        timestamp timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        volume double precision,
        message_id uuid NOT NULL,
        UNIQUE (series_id, timestamp, message_id)
    ) PARTITION BY RANGE (timestamp);
    CREATE TABLE sample_default PARTITION OF sample DEFAULT;
    CREATE INDEX snapshot_body ON meters_metadatasnapshot USING gin (body jsonb_path_ops);
"""

SQLITE = """
    CREATE TABLE sample (
        series_id integer NOT NULL,
        metadata_id integer NOT NULL,
        timestamp integer NOT NULL,
        recorded_at integer NOT NULL,
        volume real,
        message_id blob NOT NULL,
        PRIMARY KEY (series_id, timestamp, message_id)
    ) WITHOUT ROWID
"""


def make_table(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE sample")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('digest', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('body_digest', models.BinaryField(max_length=32)),
                ('answer', models.BinaryField()),
                ('created_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='MetadataSnapshot',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('hash', models.BinaryField(max_length=16, unique=True)),
                ('body', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=16, unique=True)),
                ('meter', models.TextField()),
                ('type', models.TextField()),
                ('unit', models.TextField(null=True)),
                ('resource', models.TextField()),
                ('project', models.TextField(null=True)),
                ('user', models.TextField(null=True)),
                ('source', models.TextField(null=True)),
            ],
            options={
                'verbose_name_plural': 'series',
                'indexes': [models.Index(fields=['meter', 'project'], name='series_meter_project'), models.Index(fields=['resource', 'meter'], name='series_resource_meter'), models.Index(fields=['project'], name='series_project')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_table, drop_table)],
            state_operations=[
                migrations.CreateModel(
                    name='StoredSample',
                    fields=[
                        ('pk', models.CompositePrimaryKey('series', 'timestamp', 'message_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('timestamp', telemetry_site.core.columns.MomentField()),
                        ('message_id', telemetry_site.core.columns.CompactUuidField()),
                        ('volume', models.FloatField(null=True)),
                        ('recorded_at', telemetry_site.core.columns.MomentField()),
                        ('metadata', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='meters.metadatasnapshot')),
                        ('series', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='meters.series')),
                    ],
                    options={
                        'db_table': 'sample',
                    },
                ),
            ],
        ),
    ]
