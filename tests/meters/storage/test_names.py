"""The caches of ids."""

from threading import Thread

import pytest
from django.db import transaction

from meters.storage.names import Cache, forget, names, resolve, series_hash
from tests.factories import make_sample
from tests.keeping import keep


def test_the_cache_lets_go_of_the_oldest_first() -> None:
    cache: Cache[str] = Cache(3, 100, len)
    for n, name in enumerate("abcd"):
        cache.add({name: n})
    assert [cache.get(name) for name in "abcd"] == [None, 1, 2, 3]


def test_the_cache_is_bounded_by_weight() -> None:
    cache: Cache[bytes] = Cache(1000, 10, len)
    cache.add({b"aaaa": 1, b"bbbb": 2})
    cache.add({b"cccc": 3})
    assert (cache.get(b"aaaa"), cache.get(b"cccc"), len(cache)) == (None, 3, 2)
    cache.add({b"x" * 11: 4})
    assert len(cache) == 0


def fill(cache: Cache[int], start: int) -> None:
    for number in range(start, start + 500):
        cache.add({number: number})


def test_threads_do_not_spoil_the_bounds() -> None:
    cache: Cache[int] = Cache(50, 50, lambda _: 1)
    threads = [Thread(target=fill, args=(cache, start)) for start in range(0, 2000, 250)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cache) == 50


def test_the_hash_keeps_null_and_texts_apart() -> None:
    name = ("cpu", "gauge", "%", "vm", None, "", "a")
    others = [
        ("cpu", "gauge", "%", "vm", "", None, "a"),
        ("cpu", "gauge", "%", "vm", "", "", "a"),
        ("cpu", "gauge", "%", "vm", None, "null", "a"),
        ("cpugauge", "", "%", "vm", None, "", "a"),
    ]
    assert len({series_hash(other) for other in [name, *others]}) == 5
    assert len(series_hash(name)) == 16


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_kept_once_its_transaction_has_committed() -> None:
    cache: Cache[str] = Cache(9, 9, len)
    with transaction.atomic():
        found = resolve(["a", "b", "a"], cache, lambda keys: {key: ord(key) for key in keys})
        assert found == [97, 98, 97]
        assert len(cache) == 0
    assert resolve(["b", "a"], cache, lambda _: {}) == [98, 97]


@pytest.mark.django_db(transaction=True)
def test_it_can_be_told_to_forget() -> None:
    keep([make_sample()])
    assert len(names(0).series) == len(names(0).snapshots) == 1
    forget()
    assert len(names(0).series) == len(names(0).snapshots) == 0


@pytest.mark.django_db(transaction=True)
def test_it_forgets_what_is_of_another_generation() -> None:
    keep([make_sample()])
    assert len(names(0).series) == 1
    assert len(names(1).series) == 0
