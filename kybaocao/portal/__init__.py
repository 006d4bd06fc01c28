"""The web pages: one for an officer, one board for the secretariat. No rule lives here."""
