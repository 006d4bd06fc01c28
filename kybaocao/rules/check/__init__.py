"""What is wrong in a file: every finding at its cell, by the form and by earlier reports."""
