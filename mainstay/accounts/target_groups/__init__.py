"""Lists of customers frozen under a name (A6); not for marketing to them, nor for who may see a customer."""
