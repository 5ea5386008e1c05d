"""How events are kept and found, on both databases."""
