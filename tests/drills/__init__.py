"""Long proofs outside `make test`: run one by `make drill NAME=…`."""
