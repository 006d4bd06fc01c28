"""Spreadsheets in and out: read, issued blank, marked for their senders, and reported."""
