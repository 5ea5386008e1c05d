"""The table of the host's meters, against the names, types and units that SNMP agents had."""

from pollsters.host.meters import METERS

SNMP = """
hardware.cpu.load.1min gauge process
hardware.cpu.load.5min gauge process
hardware.cpu.load.15min gauge process
hardware.cpu.util gauge %
hardware.disk.size.total gauge KB
hardware.disk.size.used gauge KB
hardware.disk.read.bytes gauge B
hardware.disk.write.bytes gauge B
hardware.disk.read.requests gauge requests
hardware.disk.write.requests gauge requests
hardware.memory.total gauge KB
hardware.memory.used gauge KB
hardware.memory.swap.total gauge KB
hardware.memory.swap.avail gauge KB
hardware.memory.buffer gauge KB
hardware.memory.cached gauge KB
hardware.network.incoming.bytes cumulative B
hardware.network.outgoing.bytes cumulative B
hardware.network.outgoing.errors cumulative packet
hardware.network.ip.outgoing.datagrams cumulative datagrams
hardware.network.ip.incoming.datagrams cumulative datagrams
hardware.system_stats.cpu.idle gauge %
hardware.system_stats.io.outgoing.blocks cumulative blocks
hardware.system_stats.io.incoming.blocks cumulative blocks
"""


def test_it_has_every_hardware_meter_with_its_type_and_unit() -> None:
    expected = {tuple(line.split()) for line in SNMP.strip().splitlines()}
    named = {(row.name, row.kind, row.unit) for row in METERS if row.name.startswith("hardware.")}
    assert named == expected


def test_it_gives_all_others_a_name_of_their_own() -> None:
    assert all(row.name.startswith(("hardware.", "host.")) for row in METERS)
