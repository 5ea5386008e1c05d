"""What comes out for the samples of one unit: each id once, as it is in the end."""

from uuid import UUID

from meters.samples import Sample
from meters.transformers.flow import Unit


class Outcome:
    """Gathers what is new, replaced and withdrawn, in the order in which that is found out.

    Mostly everything is new; what is needed to find it again is made when something is not. `new`
    may be appended to until then; a None there is a place that `add` may fill.
    """

    def __init__(self) -> None:
        self.new: list[Sample | None] = []
        self._places: dict[UUID, int] | None = None
        self._replaced: dict[UUID, Sample] = {}
        self._withdrawn: dict[UUID, Sample] = {}

    def add(self, sample: Sample, place: int | None = None) -> None:
        """It is there for the first time, or again after it was withdrawn; at a place or last."""
        if self._withdrawn.pop(sample.message_id, None) is not None:
            self._replaced[sample.message_id] = sample
            return
        if place is None:
            place = len(self.new)
            self.new.append(sample)
        self.new[place] = sample
        if self._places is not None:
            self._places[sample.message_id] = place

    def replace(self, sample: Sample) -> None:
        """One of this id is there, with another volume."""
        place = self._known().get(sample.message_id)
        if place is None:
            self._replaced[sample.message_id] = sample
        else:
            self.new[place] = sample

    def withdraw(self, sample: Sample) -> None:
        """One of this id is there, and should not be."""
        place = self._known().pop(sample.message_id, None)
        if place is None:
            self._replaced.pop(sample.message_id, None)
            self._withdrawn[sample.message_id] = sample
        else:
            self.new[place] = None

    def follow(self, unit: Unit) -> None:
        """What came out of another unit, after this one."""
        for sample in unit.fresh:
            self.add(sample)
        for sample in unit.replaced:
            self.replace(sample)
        for sample in unit.withdrawn:
            self.withdraw(sample)

    def unit(self) -> Unit:
        """All of it."""
        fresh = [sample for sample in self.new if sample is not None]
        return Unit(fresh, list(self._replaced.values()), list(self._withdrawn.values()))

    def _known(self) -> dict[UUID, int]:
        if self._places is None:
            new = enumerate(self.new)
            self._places = {sample.message_id: place for place, sample in new if sample}
        return self._places
