"""Technical scheme models and the schemes drafted from them for customers (D4). Not for orders, not for contracts."""
