"""The service: Prefect, the flows and the portal as child processes."""
