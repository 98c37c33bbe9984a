"""Verbs that change contracts.

`registering` enters them, `stepping` leads them on, `revising` makes versions, `agreeing` special terms, `attaching`
files, `reminding` when their end is told.
"""

from mainstay.accounts.contracts.actions.agreeing import agree_contract_terms, agree_terms, end_special_term
from mainstay.accounts.contracts.actions.attaching import LARGEST_BYTES, NewFile, attach, hand_out, withdraw_attachment
from mainstay.accounts.contracts.actions.registering import (
    NewContract,
    NewLine,
    bad_line,
    check_contract,
    check_renewal,
    register_contracts,
    wrong_in,
)
from mainstay.accounts.contracts.actions.reminding import set_reminder_days
from mainstay.accounts.contracts.actions.revising import Revision, change_contract
from mainstay.accounts.contracts.actions.stepping import (
    end_contract,
    follow_contract,
    give_notice,
    register_with_group,
    renew_contract,
    sign_contract,
)

__all__ = [
    "LARGEST_BYTES",
    "NewContract",
    "NewFile",
    "NewLine",
    "Revision",
    "agree_contract_terms",
    "agree_terms",
    "attach",
    "bad_line",
    "change_contract",
    "check_contract",
    "check_renewal",
    "end_contract",
    "end_special_term",
    "follow_contract",
    "give_notice",
    "hand_out",
    "register_contracts",
    "register_with_group",
    "renew_contract",
    "set_reminder_days",
    "sign_contract",
    "withdraw_attachment",
    "wrong_in",
]
