"""A job that needs a large dictionary."""

from scripts.measure import dictionary, meeting


def test_every_word_is_looked_up(tmp_path, monkeypatch):
    """In the dictionary that the worker was given."""
    monkeypatch.setattr(dictionary, "_words", {})
    words = dictionary.make(1000)
    assert len(words) == 1000 and len(set(map(id, words.values()))) == 1000
    dictionary.keep(words)
    meeting.open_gate(tmp_path)
    assert dictionary.look_up(tmp_path, 1) == sum(words.values())
