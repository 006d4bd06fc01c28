"""Who did what, and when."""

from fastapi import APIRouter

router = APIRouter()
