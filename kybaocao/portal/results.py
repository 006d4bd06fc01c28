"""A leader's page: how punctual and complete the reports are."""

from fastapi import APIRouter

router = APIRouter()
