"""When things run: Prefect flows and deployments. What is done stands in `kybaocao`."""

import logging

# A short flow may end before Prefect first renews its place; the warning then means nothing.
logging.getLogger("prefect.concurrency").setLevel(logging.ERROR)

# The tag of the runs that do at the start what was missed while nothing was running.
AT_START = "khi-khoi-dong"
