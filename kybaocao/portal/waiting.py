"""The queue of what waits for a person."""

from fastapi import APIRouter

router = APIRouter()
