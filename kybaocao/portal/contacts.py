"""Where letters go: shown, edited, imported and exported."""

from fastapi import APIRouter

router = APIRouter()
