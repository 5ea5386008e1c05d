"""Samples: from whatever source they come to the statistics that are asked of them."""
