"""Administrative divisions and industries, by their national codes."""

from django.db import models


class Region(models.Model):
    """A division by its GB/T 2260 code: 2 digits a province, 4 a city, 6 a district; a code's prefix is its parent."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Industry(models.Model):
    """A class of GB/T 4754; level 1 is a letter, 2 to 4 add digits."""

    code = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=120)
    parent_code = models.CharField(max_length=8, blank=True)
    level = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
