import pytest

from eval.drafting.phrasing import phrase
from eval.drafting.sentences import gaps_in


@pytest.mark.parametrize(
    ("sentence", "answer", "question"),
    [
        ("SoftBank invested $4 billion in WeWork.", "$4 billion", "How much did SoftBank invest in WeWork?"),
        ("In 2016, SoftBank paid $4 billion for Ampere, aligning with its plans.", "$4 billion", None),
        ("The Acme Group raised $5 million.", "$5 million", "How much did the Acme Group raise?"),
        ("Acme employs 250 people in Riga.", "250", "How many people does Acme employ in Riga?"),
        ("The Eiffel Tower was completed in 1889.", "1889", "In which year was the Eiffel Tower completed?"),
        ("In 1967, Manuel Blum published a theory.", "1967", "In which year did Manuel Blum publish a theory?"),
        ("Ada Voss secretly went to Riga in May 1900.", "May 1900", "When was it that Ada Voss secretly went to Riga?"),
        ("Ada Voss is the founder of Acme.", "Ada Voss", "Who is the founder of Acme?"),
        ("SoftBank has also funded Skild AI.", "SoftBank", "Who or what has also funded Skild AI?"),
        ("Some of it went to Riga, 12% or so.", "12%", "Fill in: Some of it went to Riga, ____ or so."),
        ("The old mill\nof Riga cost $5 in all.", "$5", "Fill in: The old mill of Riga cost ____ in all."),
    ],
)
def test_the_question_asks_for_the_words_that_are_gone(sentence, answer, question):
    gap = next(gap for gap in gaps_in(sentence) if sentence[gap.start : gap.end] == answer)
    phrased = phrase(sentence, gap)
    assert phrased.question == (question or "How much did SoftBank pay for Ampere in 2016?")
    assert phrased.plain is not phrased.question.startswith("Fill in: ")
