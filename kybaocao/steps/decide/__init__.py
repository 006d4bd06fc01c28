"""What people decide: grants, requests, wishes, waiting files, contacts."""
