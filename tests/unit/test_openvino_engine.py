"""How the engine process divides the processor among its answers."""

from yanku.adapters.openvino_engine import guessed_tokens


def test_an_answer_alone_is_guessed_ahead_and_many_at_once_are_hardly() -> None:
    assert guessed_tokens(1) == 3
    assert [guessed_tokens(many) for many in (2, 3, 16, 500)] == [1, 1, 1, 1]


def test_no_answer_is_without_a_guess_since_the_engine_refuses_such_a_request() -> None:
    assert all(guessed_tokens(in_flight) >= 1 for in_flight in range(1, 200))
