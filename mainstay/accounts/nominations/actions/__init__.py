"""Take figures of accounts in; write filters; extract and nominate; watch waves."""
