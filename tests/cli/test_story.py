"""``sim story`` from the command's words to its exit code, in a small world."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sim.cli import story
from sim.cli.story import EACH_SIDE
from sim.specification.run import Study
from sim.study import england
from tests.builders import lively_world, population_of
from tests.cli.command import Ended, sim
from tests.cli.small_study import study_of

WORLD = lively_world(need_per_head_per_year=4e-4)
STUDY = study_of(WORLD)


@pytest.fixture(autouse=True)
def small_england(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Study] = {"small": STUDY, "alone": replace(STUDY, compare=STUDY.compare[1:2], baseline="region")}
    given["one"] = replace(STUDY, id="one", compare=STUDY.compare[:1])
    monkeypatch.setattr(story, "load_study", lambda name, overrides: given[name])
    monkeypatch.setattr(england, "world_of", lambda spec: WORLD)


@pytest.fixture(scope="module")
def listed() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "load_study", lambda name, overrides: STUDY)
        patch.setattr(england, "world_of", lambda spec: WORLD)
        yield tell("--json").json


def tell(*arguments: str, study: str = "small") -> Ended:
    return sim("story", study, "--quiet", *arguments)


def an_identity(real: bool) -> str:
    population = population_of(WORLD, STUDY.run_spec(STUDY.compare[0], 0))
    return f"{int(population.people.identity[0 if real else population.real]):016x}"


def test_a_list_names_people_of_both_sides_and_how_many_there_are(listed: Any) -> None:
    assert listed["regimes"] == ["nation", "district"]  # no benchmark unless it is asked for
    assert 0 < listed["shares"]["in_time_differs"] < listed["shares"]["parted"] < listed["shares"]["people"]
    sides = [person["better_off_under"] for person in listed["patients"]]
    assert sides[:2] == ["nation", "district"]
    assert len(sides) <= 2 * EACH_SIDE
    assert all(person["parting"]["sentence"] for person in listed["patients"])


def test_a_listed_person_can_be_told_in_words(listed: Any) -> None:
    person = listed["patients"][0]

    ended = tell("--patient", person["identity"])

    assert ended.code == 0
    assert f"Patient {person['identity']} in replicate 0" in ended.out
    assert [word for word in ("Under nation (All held by nation)", "Under district") if word not in ended.out] == []
    assert "Under region" not in ended.out
    unwrapped = " ".join(ended.out.split())
    assert person["parting"]["sentence"] in unwrapped


def test_the_story_as_json_holds_the_lives_and_where_they_part(listed: Any) -> None:
    person = listed["patients"][1]

    content = tell("--patient", person["identity"], "--json").json

    assert [life["scenario"] for life in content["lives"]] == ["nation", "district"]
    assert content["partings"] == {"district": person["parting"]}
    assert content["lives"][0]["events"][0]["event"] == "fell ill"


def test_regimes_can_be_chosen_a_benchmark_beside_one(listed: Any) -> None:
    one = listed["patients"][0]["identity"]

    content = tell("--patient", one, "--regimes", "region,nation", "--json").json

    assert content["regimes"] == ["nation", "region"]


def test_the_text_wraps_below_itself(listed: Any) -> None:
    lines = tell("--patient", listed["patients"][0]["identity"]).out.splitlines()

    events = [line for line in lines if re.match(r"  \w+ \d{4} {2,}\S", line)]
    assert len(events) > 4
    assert max(len(line) for line in lines) <= 100


def test_a_list_can_be_narrowed_to_a_service_and_a_place_by_name(listed: Any) -> None:
    content = tell("--service", "service_00001", "--place", "PLACE_00002", "--pick", "in_time", "--json").json

    assert content["shares"]["people"] < listed["shares"]["people"] / 10
    assert {(one["service"], one["place"]) for one in content["patients"]} <= {("service_00001", "place_00002")}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--patient", "xyz"), "16 hexadecimal digits"),
        (("--patient", "0" * 16), "`sim story small --replicate 0` lists some"),
        (("--patient", an_identity(real=False)), "is a twin"),
        (("--patient", an_identity(real=True), "--pick", "parted"), "leave out"),
        (("--replicate", "2"), "replicates 0 to 1"),
        (("--regimes", "natoin"), "did you mean `nation`?"),
        (("--regimes", "region"), "is a benchmark"),
        (("--regimes", "district"), "wants two regimes"),
        (("--service", "service_0001"), "did you mean `service_00001`?"),
        (("--place", "Plaice_00001"), "did you mean `Place_00001`?"),
        (("--pick", "parrted"), "did you mean `parted`?"),
    ],
)
def test_what_is_not_there_is_a_usage_error_with_a_way_on(arguments: tuple[str, ...], words: str) -> None:
    ended = tell(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_a_study_of_a_benchmark_alone_has_no_stories() -> None:
    ended = tell(study="alone")

    assert ended.code == 2
    assert "is a benchmark" in ended.err


def test_a_service_the_study_leaves_out_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    smaller = replace(STUDY, services=WORLD.services.ids[:1])
    monkeypatch.setattr(story, "load_study", lambda name, overrides: smaller)

    assert "small does not model `service_00001`" in tell("--service", "service_00001").err


def test_a_study_of_more_regimes_says_how_to_see_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    third = replace(STUDY.compare[0], id="again")
    assert "--regimes a,b" not in tell().out
    monkeypatch.setattr(story, "load_study", lambda name, overrides: replace(STUDY, compare=(*STUDY.compare, third)))

    assert "--regimes a,b" in tell().out


def test_where_no_life_parts_nobody_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = (STUDY.compare[0], replace(STUDY.compare[0], id="again"))
    monkeypatch.setattr(story, "load_study", lambda name, overrides: replace(STUDY, compare=twice))

    ended = tell()

    assert ended.code == 0
    assert "0 (0.0 %) live a life that is not the same" in " ".join(ended.out.split())
    assert "Chosen by" not in ended.out


def test_progress_tells_the_months_that_are_left(listed: Any) -> None:
    ended = sim("story", "small", "--patient", listed["patients"][0]["identity"])

    assert "72 simulated months to make" in ended.err
    assert "ran for" in ended.err


def test_of_a_regime_alone_no_lives_part() -> None:
    ended = tell(study="one")

    assert (ended.code, ended.out) == (2, "")
    assert "one compares nothing, so no lives part" in ended.err
