"""What the secretariat decides about one report: return, accept, grant, remind."""

from fastapi import APIRouter

router = APIRouter()
