"""What a verb says when it will not."""


class Refusal(Exception):
    """A sentence in French for the person, and the field it concerns, if one does."""

    def __init__(self, sentence: str, field: str | None = None):
        super().__init__(sentence)
        self.sentence, self.field = sentence, field
