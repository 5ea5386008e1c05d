"""Event types, their traits, and the table of events made by hand."""

import django.db.models.deletion
import telemetry_site.core.columns
from django.db import migrations, models

POSTGRESQL = """
    CREATE TABLE event (
        message_id uuid NOT NULL,
        generated timestamptz NOT NULL,
        event_type_id bigint NOT NULL,
        traits jsonb NOT NULL,
        raw jsonb,
        PRIMARY KEY (message_id, generated)
    ) PARTITION BY RANGE (generated);
    CREATE TABLE event_default PARTITION OF event DEFAULT;
    CREATE INDEX event_generated ON event (generated, message_id);
    CREATE INDEX event_of_type ON event (event_type_id, generated);
    CREATE INDEX event_traits ON event USING gin (traits jsonb_path_ops);
"""
SQLITE = """
    CREATE TABLE event (
        message_id blob NOT NULL PRIMARY KEY,
        generated integer NOT NULL,
        event_type_id bigint NOT NULL,
        traits text NOT NULL,
        raw text
    );
    CREATE INDEX event_generated ON event (generated, message_id);
    CREATE INDEX event_of_type ON event (event_type_id, generated);
"""


def make_table(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (POSTGRESQL if on_postgresql else SQLITE).split(";"):
        if statement.strip():
            schema_editor.execute(statement)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE event")


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='EventType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True)),
                ('last_day', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='TraitKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('type', models.CharField(max_length=8)),
                ('last_day', models.DateField()),
                ('event_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='events.eventtype')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event_type', 'name', 'type'), name='trait_key')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_table, drop_table)],
            state_operations=[
                migrations.CreateModel(
                    name='StoredEvent',
                    fields=[
                        ('message_id', telemetry_site.core.columns.CompactUuidField(primary_key=True, serialize=False)),
                        ('generated', telemetry_site.core.columns.MomentField()),
                        ('traits', models.JSONField()),
                        ('raw', models.JSONField(null=True)),
                        ('event_type', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='events.eventtype')),
                    ],
                    options={'db_table': 'event'},
                ),
            ],
        ),
    ]
