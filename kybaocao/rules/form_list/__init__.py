"""A list of indicators in a spreadsheet becomes a form."""
