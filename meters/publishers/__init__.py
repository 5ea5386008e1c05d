"""Publishers of samples: where a sink sends them."""
