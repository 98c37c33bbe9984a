"""What the demo's commands print, in Chinese and English side by side: whoever starts it reads one of the two."""

STAGES = {
    "promise profiles": "承诺方案",
    "users": "用户",
    "customers": "大客户",
    "contacts": "联系人",
    "contracts": "合同",
    "resources": "网络资源",
    "circuits": "电路",
    "alarm sources": "告警源",
    "incidents": "事件",
    "tickets": "工单",
}


def said(stage: str) -> str:
    """Return a stage in both languages."""
    return f"{STAGES[stage]} ({stage})"
