"""Table of the cases."""

from __future__ import annotations

from django.db import models

from luwte.base.ids import new_id


class Case(models.Model):
    """One criminal case, known by the number that the police or the prosecution gave it."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    number = models.CharField(max_length=100, unique=True)
    opened = models.DateTimeField()
