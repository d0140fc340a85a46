"""How much one address has had verified lately. Of what was verified, nothing is kept."""

from django.db import models


class AddressLooks(models.Model):
    """Files from one address in the present minute."""

    address = models.CharField(max_length=45, primary_key=True)
    since = models.DateTimeField()
    files = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["since"], name="evidence_looks_since")]
