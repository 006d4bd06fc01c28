"""Sending: files, a nil return, and a wish for more time."""

from fastapi import APIRouter

router = APIRouter()
