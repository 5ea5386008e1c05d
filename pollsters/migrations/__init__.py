"""How the pollsters tables came to be."""
