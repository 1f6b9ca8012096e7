"""What the forms share: French words, and the refusals of the models shown at their field."""

from flask import abort, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, FileField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from models import draft
from models.enrolment import day_of
from models.refusal import Refusal


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form, formdata):
            """Words only: a file sent in the place of a word is no word."""
            return request.form if request.method == "POST" else None

    def restore(self, typed: MultiDict) -> bool:
        """Put back what was typed and not received, if it was in this form. What is never kept
        stays as the view proposes it."""
        if not any(_holds(field, name) for field in self for name in typed):
            return False
        for field in self:
            if draft.may_be_kept(field.name):
                field.process(typed)
        self.post_process(typed)
        return True

    @property
    def takes_files(self) -> bool:
        return any(isinstance(field, FileField) for field in self)

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence at the field it concerns, or at the top of the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.sentence)
        else:
            field.errors = [*field.errors, refusal.sentence]

    def carry_out(self, act):
        """What the verb `act` gives of what was `told`, or None once what is wrong is at its
        field."""
        if not self.validate():
            return None
        try:
            return act(self.told)
        except Refusal as refusal:
            self.refuse(refusal)
            return None

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(id of the field or nothing, sentence), in the order of the page."""
        found = [(field.id, error) for field in self for error in field.errors]
        return [("", error) for error in self.form_errors] + found


class DayField(StringField):
    """A day typed « 12/03/2024 »; what was typed comes back as it was."""

    def process_formdata(self, values):
        self.typed = values[0].strip() if values else ""
        self.data = day_of(self.typed)

    def _value(self):
        if self.data:
            return self.data.strftime("%d/%m/%Y")
        return getattr(self, "typed", "")


def _holds(field, name):
    """A field of fields names them after itself, « people-0-name »."""
    return name == field.name or name.startswith(field.name + "-")


def required(sentence: str) -> DataRequired:
    return DataRequired(sentence)


def accepted(check):
    """A validator: what the model refuses is said at the field."""

    def validate(_form, field):
        try:
            check(field.data)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal

    return validate


def options(known: dict[str, str]) -> list[SelectChoice]:
    """The answers to choose from: value → words."""
    return [SelectChoice(value, words) for value, words in known.items()]


def yes_or_no(name: str) -> bool:
    """The answer of a button; anything else is no answer, and ends with a 400."""
    answer = request.form.get(name)
    if answer not in ("oui", "non"):
        abort(400)
    return answer == "oui"


def number(text: str) -> int:
    """Of an address; ValueError past what the database can hold."""
    if len(text) > 15:
        raise ValueError(text)
    return int(text)


def said(field: Field) -> str:
    """What the person typed, or nothing."""
    return (field.data or "").strip()


class OptionalDayField(DayField):
    """Nothing typed is an answer; something that is no day is not."""

    def pre_validate(self, form):
        if self.data is None and getattr(self, "typed", ""):
            raise ValidationError("Cette date ne se lit pas. Exemple : 14/03/1951.")
