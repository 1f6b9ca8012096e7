"""The questions of the directives: plain, even-handed, and stable."""

import re

import pytest
import textstat

from models.reference.directives import (
    DEPENDS,
    DEPENDS_WORDS,
    FORMS,
    NO,
    UNKNOWN,
    YES,
    Model,
)
from models.words import fold

QUESTIONS = list({one.code: one for form in FORMS.values() for one in form.questions}.values())
CHOICES = [one for one in QUESTIONS if one.answers]
BRINGS, COSTS = "Avantages possibles : ", "Inconvénients possibles : "
# Kandel and Moles: from 70 up, a text is called fairly easy.
PLAIN = 70
LONGEST_SENTENCE = 20
EVEN = 1.6
# They frighten, praise or take sides (folded, as the beginning of a word).
LOADED = (
    "dign|indign|acharn|obstin|legum|natur|paisib|seren|courag|lach|heros|raisonn|humain"
    "|agoni|etouff|atroc|horrib|supplic|calvair|tortur|cadavr|souffrir|inhumain|sacr|tuer"
    "|inutil|vain|absurd|miracl|espoir|desespoir|heureu|malheureu|condamn|abandon|fardeau"
    "|charge|bataill|combat|euthanas|suicid"
)


def every(questions):
    return pytest.mark.parametrize("question", questions, ids=lambda one: one.code)


def texts(question):
    """All that is on the page."""
    yield question.title
    yield from question.explanation
    yield from question.examples
    yield from question.answers.values()


def sentences(text):
    return re.split(r"(?<=[.!?])\s+", text)


def words(sentence):
    return re.findall(r"\w[\w'-]*", sentence)


def uneven(texts):
    lengths = [len(text) for text in texts]
    return max(lengths) / min(lengths)


def stances(question):
    """Yes, no or it depends, in the order of the examples."""
    return [re.match("Oui|Non|Cela dépend", example)[0] for example in question.examples]


def test_both_models_have_their_form():
    assert set(FORMS) == set(Model)
    assert all(form.model is model for model, form in FORMS.items())


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.model)
def test_codes_are_unique_in_a_form(form):
    codes = [one.code for one in form.questions]
    assert len(set(codes)) == len(codes)


def test_answers_may_pass_from_one_form_to_the_other():
    shared = [one for form in FORMS.values() for one in form.questions]
    assert len({id(one) for one in shared}) == len({one.code for one in shared})


@every(QUESTIONS)
def test_a_code_may_be_in_an_address(question):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", question.code)


@every(QUESTIONS)
def test_a_question_is_complete(question):
    assert question.title.endswith(" ?")
    assert question.explanation
    assert question.written and not question.written.endswith((".", "?"))
    assert 3 <= len(question.examples) <= 5
    assert len(set(question.examples)) == len(question.examples)


@every(QUESTIONS)
def test_sentences_are_short_and_ended(question):
    for text in texts(question):
        assert text.endswith((".", "?")), text
        for sentence in sentences(text):
            assert len(words(sentence)) <= LONGEST_SENTENCE, sentence


@every(QUESTIONS)
def test_a_question_is_easy_to_read(question):
    textstat.set_lang("fr")
    assert textstat.flesch_reading_ease("\n".join(texts(question))) >= PLAIN


@every(QUESTIONS)
def test_no_word_frightens_praises_or_takes_sides(question):
    text = fold(" ".join([*texts(question), question.written]))
    assert re.findall(rf"\b(?:{LOADED})\w*", text) == []


@every(QUESTIONS)
def test_the_text_is_written_with_plain_signs_and_no_abbreviation(question):
    text = " ".join([*texts(question), question.written])
    assert not re.search("[\u00a0\u202f’·]|\\(e|  ", text)
    assert not re.search(r"\b[A-ZÀ-Ý]{2,}\b", text)
    assert not re.search(r"\w[?;:!]", text)


@every(QUESTIONS)
def test_first_person_suits_a_woman_and_a_man(question):
    spoken = " ".join([*question.examples, *question.answers.values(), question.written])
    assert not re.search(r"\b(je|me|m') ?(suis|serai|reste|sois|sens) \w+(é|u|i|t)\b", spoken)


@every(CHOICES)
def test_answers_come_in_one_order_and_weigh_the_same(question):
    assert list(question.answers) == [YES, NO, DEPENDS]
    assert UNKNOWN not in question.answers
    assert question.answers[DEPENDS] == DEPENDS_WORDS
    assert uneven(question.answers.values()) <= EVEN


@every(CHOICES)
def test_yes_and_no_are_the_same_sentence(question):
    small = {"ne", "pas", "ni", "et", "d'", "de", "l'", "la", "une"}
    yes, no = (
        [word for word in re.findall(r"\w+'?", question.answers[value]) if word not in small]
        for value in (YES, NO)
    )
    assert no == yes


@every(CHOICES)
def test_as_much_is_said_of_what_it_brings_as_of_what_it_costs(question):
    [brings] = [text for text in question.explanation if text.startswith(BRINGS)]
    [costs] = [text for text in question.explanation if text.startswith(COSTS)]
    assert uneven([brings.removeprefix(BRINGS), costs.removeprefix(COSTS)]) <= 1.25


@every(CHOICES)
def test_examples_are_as_often_for_as_against(question):
    found = stances(question)
    assert found.count("Oui") == found.count("Non") == 1
    assert "Cela dépend" in found


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.model)
def test_no_stance_comes_first_on_every_page(form):
    orders = [stances(one) for one in form.questions if one.answers]
    assert {order[0] for order in orders} == {"Oui", "Non", "Cela dépend"}
    yes_first = sum(order.index("Oui") < order.index("Non") for order in orders)
    assert abs(len(orders) - 2 * yes_first) <= 1


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.model)
def test_a_form_says_for_whom_it_is(form):
    assert len(sentences(form.for_whom)) == 1
    assert len(words(form.for_whom)) <= LONGEST_SENTENCE
