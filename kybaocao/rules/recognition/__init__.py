"""Which report a file is, and where a form stands in it, wherever people moved it."""
