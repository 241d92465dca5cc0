"""Sessions: what a further one measures, what of the record stays, and what is never mixed."""

import dataclasses

import pytest

from scripts.experiments.settings import NAMES, Settings
from scripts.record import dumps, loads
from scripts.runner import run
from scripts.runner.progress import PlainLog
from scripts.runner.sessions import Here, choose
from tests.factory import make_record, make_runtime

RECORD = make_record(experiments=("control", "harness", "runtimes"), sessions=2)
TINY = Settings(**{**dict.fromkeys(NAMES, 1), "workers": 2, "jobs": 2})


def here(record=RECORD, **fields):
    """What is here is what the record says, but for `fields`."""
    known = ("quick", "settings", "code", "machine", "runtimes")
    return Here(**{**{name: getattr(record, name) for name in known}, **fields})


def changed(field, name, value):
    """One entry of a mapping of the record is another one."""
    return here(**{field: {**getattr(RECORD, field), name: value}})


def names_in(record):
    """The experiments whose samples are there, by session."""
    return {
        number: sorted({one.experiment for one in record.samples if one.session == number})
        for number in range(1, len(record.sessions) + 1)
    }


def test_without_a_record_everything_is_new():
    """Nothing stays, since nothing is there."""
    work = choose(None, here())
    assert work.reasons == dict.fromkeys(RECORD.code, "new")
    assert (work.base, work.number) == (None, 1)


def test_where_nothing_changed_all_is_measured_once_more():
    """The record grows by a session."""
    work = choose(RECORD, here())
    assert work.reasons == dict.fromkeys(RECORD.code, "one more session")
    assert (work.base, work.number) == (RECORD, 3)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (changed("code", "harness", "1" * 64), "its code has changed"),
        (changed("settings", "harness_ticks", 7000), "harness_ticks is 7,000 now"),
    ],
)
def test_what_changed_is_measured_alone(now, reason):
    """All of its samples go; those of the others stay, with their sessions."""
    work = choose(RECORD, now)
    assert work.reasons == {"harness": reason}
    assert work.number == 3
    assert names_in(work.base) == {1: ["control", "runtimes"], 2: ["control", "runtimes"]}
    assert set(work.base.code) == {"control", "runtimes"}


def test_an_experiment_that_came_is_measured_alone_and_one_that_went_is_dropped():
    """What is measured already need not be so again for either."""
    code = {name: RECORD.code[name] for name in ("control", "runtimes")}
    work = choose(RECORD, here(code={**code, "pool_start": "2" * 64}))
    assert work.reasons == {"pool_start": "new"}
    assert names_in(work.base) == {1: ["control", "runtimes"], 2: ["control", "runtimes"]}


def test_a_size_of_several_experiments_makes_all_of_them_new():
    """Nothing of the record stays then."""
    work = choose(RECORD, changed("settings", "workers", 8))
    assert work.reasons == dict.fromkeys(RECORD.code, "workers is 8 now")
    assert (work.base, work.number) == (None, 1)


def test_more_minutes_are_no_other_measurement():
    """They only say how many rounds a session has."""
    work = choose(RECORD, changed("settings", "minutes", 3))
    assert set(work.reasons.values()) == {"one more session"}


def test_another_interpreter_beside_the_first_asks_only_for_what_is_for_all():
    """The experiments of the main interpreter stay."""
    work = choose(RECORD, here(runtimes=(*RECORD.runtimes, make_runtime(gil=False))))
    assert work.reasons == {"runtimes": "other interpreters"}


def _first(**fields):
    return (dataclasses.replace(RECORD.runtimes[0], **fields),)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (here(quick=True), "small sizes stand alone"),
        (
            here(machine=dataclasses.replace(RECORD.machine, cores=1)),
            "another machine",
        ),
        (here(runtimes=_first(version="3.11.8")), "another interpreter, 3.11.8 after 3.11.7"),
        (here(runtimes=_first(start_method="spawn")), "another start method"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_where_something_else_measures_nothing_stays(now, reason):
    """Sessions of two machines, interpreters or kinds of sizes are never one record."""
    work = choose(RECORD, now)
    assert work.reasons == dict.fromkeys(RECORD.code, reason)
    assert work.base is None


def test_after_a_quick_run_all_is_measured():
    """Its record gives way."""
    quick = dataclasses.replace(RECORD, quick=True)
    assert set(choose(quick, here()).reasons.values()) == {"the record is of a QUICK run"}


def test_a_session_that_is_empty_then_goes_with_its_samples():
    """The others are numbered anew."""
    samples = tuple(
        one for one in RECORD.samples if one.session == 2 or one.experiment == "harness"
    )
    record = dataclasses.replace(RECORD, samples=samples)
    base = choose(record, changed("code", "harness", "1" * 64)).base
    assert base.sessions == RECORD.sessions[1:]
    assert names_in(base) == {1: ["control", "runtimes"]}


# Real ones


class Notes(PlainLog):
    """Keeps what was said."""

    def __init__(self):
        self.said = []

    def note(self, text):
        """Keep it."""
        self.said.append(text)

    def start(self, step, rounds, elapsed_s, left_s):
        """Say nothing."""


@pytest.fixture
def measure(monkeypatch, tmp_path, plain_python):
    """Measures the control with tiny sizes, as code of this hash; gives record and notes.

    What the machine lacks and who else uses it is not asked.
    """
    monkeypatch.setattr(run.preflight, "lacking", lambda *_: [])
    monkeypatch.setattr(run.disturbance, "busy_before", lambda _: None)

    def measured(current=None, code="a" * 64, rounds=2, **fields):
        monkeypatch.setattr(run, "code_sha256s", lambda: {"control": code})
        options = run.Options(TINY, rounds=rounds, executables=(plain_python,), **fields)
        log = Notes()
        record = run.measure(options, tmp_path / "journal.jsonl", log, current)
        return record, log.said

    measured.journal = tmp_path / "journal.jsonl"
    return measured


@pytest.fixture
def stopped(measure, monkeypatch):
    """A session that was stopped in its second half, and how many samples it has by then."""
    sample = run._Measuring._sample
    left = iter(range(6))

    def until(self, step):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return sample(self, step)

    monkeypatch.setattr(run._Measuring, "_sample", until)
    with pytest.raises(KeyboardInterrupt):
        measure()
    monkeypatch.setattr(run._Measuring, "_sample", sample)
    return measure


def test_a_further_run_adds_a_session_and_a_fresh_one_begins_a_new_record(measure):
    """What is there stays as it is; with FRESH=1 it is as if nothing had been there."""
    first = loads(dumps(measure(rounds=1)[0]), "first")
    measure.journal.unlink()
    second, said = measure(first, rounds=1)
    assert [one.id for one in first.sessions] == [one.id for one in second.sessions[:1]]
    assert len(second.sessions) == 2
    assert [s for s in second.samples if s.session == 1] == list(first.samples)
    assert len(second.samples) == 2 * len(first.samples) == 8
    assert "  one more session: control 1" in said
    again, said = measure(first, rounds=1, fresh=True)
    assert len(again.sessions) == 1 and again.run_id not in (first.run_id, second.run_id)
    assert "  new: control 1" in said


def test_a_stopped_session_goes_on_unless_other_code_measures(stopped):
    """It is the same session with the same rounds, and a half one is measured anew; two codes are
    never in one."""
    journal = stopped.journal.read_bytes()
    record, said = stopped()
    going_on = [note for note in said if note.startswith("going on with the session of ")]
    (note,) = going_on
    assert note.endswith((": 4 arms", ": 6 arms"))
    assert len(record.sessions) == 1 and len(record.samples) == 8
    keys = [(s.case, s.params["kind"], s.round) for s in record.samples]
    assert len(set(keys)) == 8

    stopped.journal.write_bytes(journal)
    record, said = stopped(code="b" * 64)
    assert not any(note.startswith("going on") for note in said)
    assert record.code == {"control": "b" * 64} and len(record.samples) == 8


def test_minutes_that_are_too_few_are_said():
    """Before anything is measured, with what it takes."""
    settings = Settings(minutes=1)
    record = make_record()
    pace = {record.runtimes[0].id: 1e-7}
    plan = run.make_plan(settings, record.machine, record.runtimes, pace, ["cpu_bound"])
    work = choose(None, here(record, code={"cpu_bound": "a" * 64}))
    session = run._Session(work, plan, {"id": "x"}, [])
    log = Notes()
    run._say_plan(session, run.Options(settings), "python3.11", record.machine, log)
    assert log.said[-1].startswith(
        "  minutes: 1 is too short for 6 rounds of everything here, which take about "
    )
