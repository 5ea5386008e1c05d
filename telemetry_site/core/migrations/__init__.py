"""How the tables of the shared ground came to be."""
