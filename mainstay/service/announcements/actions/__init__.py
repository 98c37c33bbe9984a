"""Answer announcements, for a customer or as one; ask again."""

from mainstay.service.announcements.actions.answering import NewAnswer, answer, remind_customers

__all__ = ["NewAnswer", "answer", "remind_customers"]
