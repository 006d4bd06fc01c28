"""What only those see who see everyone's reports: board, decisions, requests, contacts, log."""
