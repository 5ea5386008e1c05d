"""A believable cloud to look at: what is in it, what it measures, and how it gets into a store."""
