from directory.domain.checklist import CITABLE
from tests.support.checklists import SHIPPED


def test_the_checklist_can_be_had_as_data_with_its_sources(client):
    answer = client.get("/api/v1/checklist").json

    assert (answer["version"], answer["published_on"], answer["sha256"]) == ("2026.1", "2026-11-22", SHIPPED.sha256)
    assert [sign["slug"] for sign in answer["signs"]] == [sign.slug for sign in SHIPPED.signs]
    assert [sign["points"] for sign in answer["signs"]] == [50, 50, 30, 20, 20]
    assert len(answer["safeguards"]) == 30
    assert {source["status"] for source in answer["sources"].values()} <= set(CITABLE)
    cited = {key for criterion in answer["signs"] + answer["safeguards"] for key in criterion["sources"]}
    assert cited == set(answer["sources"])
    assert {each["group"] for each in answer["safeguards"]} == {group["slug"] for group in answer["groups"]}


def test_a_question_comes_with_everything_that_it_takes_to_answer_it(client):
    history = client.get("/api/v1/checklist").json["signs"][1]

    assert history["slug"] == "no_detailed_history"
    assert (history["against"], history["values"]) == ("no", ["yes", "no", "unknown"])
    assert (history["shelf_days"], history["is_critical"]) == (365, True)
    assert history["observable_by"] == ["site", "phone", "visit"]
    assert all(history[name] for name in ("question", "ask", "why", "evidence", "mistaken", "sources"))
