"""A mark says where it ends: one mark for all hours of a series in a day that a delivery touched.

Until now each mark was of one hour or one day.
"""

import telemetry_site.core.clock
import telemetry_site.core.columns
from django.db import migrations

FILL = {
    "postgresql": "UPDATE rollup_mark SET stop = start + step * interval '1 second'",
    "sqlite": "UPDATE rollup_mark SET stop = start + step * 1000000",
}


def fill(apps, schema_editor):
    schema_editor.execute(FILL[schema_editor.connection.vendor])


class Migration(migrations.Migration):

    dependencies = [('meters', '0002_rollups')]

    operations = [
        migrations.AddField(
            'rollupmark', 'stop',
            telemetry_site.core.columns.MomentField(default=telemetry_site.core.clock.EPOCH),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
