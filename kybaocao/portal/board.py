"""The secretariat's board of agencies by periods, and each term's consolidation."""

from fastapi import APIRouter

router = APIRouter()
