"""A duty's cycle: open, remind, consolidate, deliver."""
