"""Verbs that change packages: `proposing` (packages, versions, marketing's word), `loading` (what is shipped)."""

from mainstay.accounts.packages.actions.proposing import (
    NewPackage,
    NewVersion,
    PackageTerms,
    create_package,
    decide_version,
    propose_version,
)

__all__ = ["NewPackage", "NewVersion", "PackageTerms", "create_package", "decide_version", "propose_version"]
