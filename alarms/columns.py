"""A column that follows from another."""

from typing import TYPE_CHECKING

from django.db import models

from alarms.actions.addresses import target

if TYPE_CHECKING:
    TextBase = models.TextField[str, str]
else:
    TextBase = models.TextField


class TargetField(TextBase):
    """Whom the `action` of a row calls: it is written with the row, whoever writes it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """See Field.pre_save."""
        value = target(getattr(model_instance, "action"))  # noqa: B009 - only some models have one
        setattr(model_instance, self.attname, value)
        return value
