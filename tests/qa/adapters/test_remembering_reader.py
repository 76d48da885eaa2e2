from qa.adapters.remembering_reader import RememberingReader


class CountingReader:
    """Gives each text's length for a reading, and tells what it read."""

    fingerprint = "counting"

    def __init__(self):
        self.read_texts = []

    def read(self, question, texts):
        self.read_texts += texts
        return [(question, len(text)) for text in texts]


def test_readings_come_in_the_order_of_the_texts_whoever_read_them():
    inner = CountingReader()
    reader = RememberingReader(inner, capacity=10)
    reader.read("q", ["bb"])
    assert reader.read("q", ["a", "bb", "ccc", "a"]) == [("q", 1), ("q", 2), ("q", 3), ("q", 1)]
    assert inner.read_texts == ["bb", "a", "ccc"]


def test_another_question_is_read_anew():
    inner = CountingReader()
    reader = RememberingReader(inner, capacity=10)
    assert (reader.read("q", ["a"]), reader.read("p", ["a"])) == ([("q", 1)], [("p", 1)])
    assert inner.read_texts == ["a", "a"]


def test_the_oldest_is_forgotten_first():
    inner = CountingReader()
    reader = RememberingReader(inner, capacity=2)
    reader.read("q", ["a", "b"])
    reader.read("q", ["c"])
    reader.read("q", ["c", "b"])
    assert inner.read_texts == ["a", "b", "c"]


def test_more_texts_than_it_remembers_are_all_read():
    reader = RememberingReader(CountingReader(), capacity=1)
    assert reader.read("q", ["a", "bb"]) == [("q", 1), ("q", 2)]


def test_it_goes_by_the_name_of_the_reader_within():
    assert RememberingReader(CountingReader(), capacity=1).fingerprint == "counting"
