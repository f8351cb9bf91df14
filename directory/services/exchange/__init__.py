"""Data in and out of the directory, one module a format."""
