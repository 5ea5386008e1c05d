"""Publishers of events: where a sink sends them."""
