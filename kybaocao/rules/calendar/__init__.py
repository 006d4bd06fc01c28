"""Days and periods: working days, the declared days off, reporting periods, days in words."""
