"""What all of Mainstay's own errors have in common: a translatable sentence that names the thing and the remedy."""

from collections.abc import Callable


def msgid(text: str) -> str:
    """Mark an English sentence for translation without translating it here."""
    return text


class MainstayError(Exception):
    """A refusal a user can act on; `template` is an English msgid, `values` fill its named fields."""

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values) if values else template)

    def explain(self, translate: Callable[[str], str]) -> str:
        """Give the sentence in the language of `translate` (usually gettext)."""
        sentence = translate(self.template)
        return sentence.format(**self.values) if self.values else sentence


class NotFound(MainstayError):
    """The thing does not exist, or the actor may not know that it does."""


class NotAllowed(MainstayError):
    """The actor may see the thing but may not do this to it."""


class Refused(MainstayError):
    """The request itself is wrong: a bad value, an impossible order of steps."""
