"""What people see: boards, pages, lists and calendars, gathered and never changed."""
