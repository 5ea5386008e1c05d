"""Hour and day rollups made by hand, the marks of those that are behind, the state of the store.

Samples that are there already are marked, so that the next roll-up takes them in.
"""

import django.db.models.deletion
import telemetry_site.core.clock
import telemetry_site.core.columns
from django.db import migrations, models

COLUMNS = """
    series_id integer NOT NULL,
    start {moment} NOT NULL,
    n integer NOT NULL,
    total {number},
    lowest {number},
    highest {number},
    squares {number} NOT NULL,
    earliest {moment} NOT NULL,
    latest {moment} NOT NULL,
    first {number},
    last {number},
    PRIMARY KEY (series_id, start)
"""
POSTGRESQL = """
    CREATE TABLE {table} ({columns}) PARTITION BY RANGE (start);
    CREATE TABLE {table}_default PARTITION OF {table} DEFAULT;
"""
SQLITE = "CREATE TABLE {table} ({columns}) WITHOUT ROWID"
TABLES = ("rollup_hour", "rollup_day")

MARK = {
    "postgresql": """
        INSERT INTO rollup_mark (step, start)
        SELECT DISTINCT 3600, date_bin('1 hour', timestamp, '2000-01-01 00:00+00') FROM sample
    """,
    "sqlite": """
        INSERT INTO rollup_mark (step, start)
        SELECT DISTINCT 3600, timestamp - (timestamp % 3600000000) FROM sample
    """,
}
def make_tables(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    moment, number = ("timestamptz", "double precision") if on_postgresql else ("integer", "real")
    columns = COLUMNS.format(moment=moment, number=number)
    for table in TABLES:
        statement = POSTGRESQL if on_postgresql else SQLITE
        schema_editor.execute(statement.format(table=table, columns=columns))


def drop_tables(apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


def mark(apps, schema_editor):
    schema_editor.execute(MARK[schema_editor.connection.vendor])


def rollup(name, table):
    moment = telemetry_site.core.columns.MomentField
    return migrations.CreateModel(
        name=name,
        fields=[
            ('pk', models.CompositePrimaryKey('series', 'start', blank=True, editable=False, primary_key=True, serialize=False)),
            ('start', moment()),
            ('n', models.IntegerField()),
            ('total', models.FloatField(null=True)),
            ('lowest', models.FloatField(null=True)),
            ('highest', models.FloatField(null=True)),
            ('squares', models.FloatField()),
            ('earliest', moment()),
            ('latest', moment()),
            ('first', models.FloatField(null=True)),
            ('last', models.FloatField(null=True)),
            ('series', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='meters.series')),
        ],
        options={'db_table': table, 'abstract': False},
    )


class Migration(migrations.Migration):

    dependencies = [('meters', '0001_initial')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_tables, drop_tables)],
            state_operations=[
                rollup('HourRollup', 'rollup_hour'),
                rollup('DayRollup', 'rollup_day'),
            ],
        ),
        migrations.CreateModel(
            name='RollupMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.IntegerField()),
                ('start', telemetry_site.core.columns.MomentField()),
                ('series_id', models.IntegerField(null=True)),
            ],
            options={
                'db_table': 'rollup_mark',
                'indexes': [models.Index(fields=['step', 'start'], name='rollup_mark_start')],
            },
        ),
        migrations.CreateModel(
            name='StoreState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_since', telemetry_site.core.columns.MomentField(default=telemetry_site.core.clock.EPOCH)),
                ('names', models.IntegerField(default=0)),
            ],
            options={'db_table': 'store_state', 'verbose_name': 'store', 'verbose_name_plural': 'store'},
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
