"""How long who guesses has to wait."""

from meshviz.signin.brake import FREE, Brake

ADA = ("ada", "10.0.0.1")


def failed(times: int, at: float = 0.0) -> Brake:
    brake = Brake()
    for _ in range(times):
        brake.failed(ADA, at)
    return brake


def test_first_mistakes_cost_nothing() -> None:
    assert failed(FREE - 1).wait_s(ADA, 0.0) == 0


def test_waits_double_up_to_a_longest() -> None:
    waits = [failed(FREE + more).wait_s(ADA, 0.0) for more in (0, 1, 2, 20, 3000)]

    assert waits == [2, 4, 8, 300, 300]


def test_wait_passes_and_the_next_is_longer() -> None:
    brake = failed(FREE, at=100.0)
    assert brake.wait_s(ADA, 101.5) == 0.5
    assert brake.wait_s(ADA, 102.0) == 0

    brake.failed(ADA, 102.0)

    assert brake.wait_s(ADA, 102.0) == 4


def test_other_names_and_addresses_do_not_wait() -> None:
    brake = failed(FREE + 5)

    assert brake.wait_s(("ben", ADA[1]), 0.0) == 0
    assert brake.wait_s((ADA[0], "10.0.0.2"), 0.0) == 0


def test_who_knows_the_password_begins_anew() -> None:
    brake = failed(FREE + 5)
    brake.passed(ADA)

    assert brake.wait_s(ADA, 0.0) == 0
    brake.failed(ADA, 0.0)
    assert brake.wait_s(ADA, 0.0) == 0


def test_old_failures_are_forgotten() -> None:
    brake = failed(FREE + 5)
    brake.failed(ADA, 4000.0)

    assert brake.wait_s(ADA, 4000.0) == 0


def test_many_names_do_not_fill_the_memory() -> None:
    brake = failed(FREE + 5)
    for number in range(10_000):
        brake.failed((str(number), "10.0.0.1"), 0.0)

    assert brake.wait_s(ADA, 0.0) == 0
    assert brake.wait_s(("9999", "10.0.0.1"), 0.0) == 0
