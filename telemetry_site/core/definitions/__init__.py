"""What definition files are made of: paths into a message, plugins, fields, and the files."""
