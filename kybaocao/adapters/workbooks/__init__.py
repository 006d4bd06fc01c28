"""Spreadsheets in and out: read, issued blank, marked for their senders, and reported.

Of a room in here others import what its `__init__` holds; `look` is shared by those that write.
"""
