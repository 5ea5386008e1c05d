"""The table of what went through each source and sink."""

from django.db import models


class PipelineStanding(models.Model):
    """What a source took, or what came out of a sink; written by each process every few seconds.

    `minute` is the minute that `of_minute` is of; `of_last_minute` is of the one before it that
    something came in.
    """

    SOURCE, SINK = "source", "sink"

    kind = models.CharField(max_length=7, help_text="samples or events")
    role = models.CharField(max_length=6, help_text="source or sink")
    name = models.TextField()
    total = models.BigIntegerField(default=0)
    unusable = models.BigIntegerField(default=0, help_text="that nothing could be made of")
    minute = models.DateTimeField()
    of_minute = models.BigIntegerField(default=0)
    of_last_minute = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        """Belongs to the app of the shared ground."""

        app_label = "core"
        db_table = "pipeline_standing"
        verbose_name = "source or sink"
        verbose_name_plural = "sources and sinks"
        ordering = ("kind", "-role", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "role", "name"), name="one_standing_a_source_or_sink"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.name}"
