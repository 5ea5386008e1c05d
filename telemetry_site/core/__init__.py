"""The shared ground: what several apps use and what knows none of them."""
