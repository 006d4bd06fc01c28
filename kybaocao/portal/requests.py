"""Reports that are asked for outside the calendar."""

from fastapi import APIRouter

router = APIRouter()
