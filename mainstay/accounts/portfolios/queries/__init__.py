"""Reads of portfolios: `pool`, `owners`, `notes`, `recalls`, `handovers`."""

from mainstay.accounts.portfolios.queries.notes import last_contact as last_contact
from mainstay.accounts.portfolios.queries.owners import owner_history as owner_history
from mainstay.accounts.portfolios.queries.owners import owner_on as owner_on
