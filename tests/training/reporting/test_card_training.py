"""The model card: how a checkpoint was trained, and where its weights come from."""

from __future__ import annotations

from training.reporting.card_training import training_recipe, weights_section


def test_an_average_names_the_share_of_each_run() -> None:
    def run(name: str) -> dict[str, object]:
        return {"configuration": {"name": name}}

    between = {**run("a"), "averaged": [
        {"share": 0.75, "provenance": run("a")}, {"share": 0.25, "provenance": run("b")},
    ]}  # fmt: skip
    whole = {**run("a"), "averaged": [
        {"share": 0.8, "provenance": between}, {"share": 0.2, "provenance": run("c")},
    ]}  # fmt: skip
    assert "average of several runs: 60% of *a*, 20% of *b*, 20% of *c*." in "\n".join(
        training_recipe(whole)
    )


def test_a_model_with_further_words_names_the_texts() -> None:
    def recipe(**words: bool) -> str:
        stage = {"name": "decoder", "train": ["coco:part"], "texts": ["coco:coco"], "epochs": 2,
                 "batch_size": 64, "learning_rate": 3e-4}  # fmt: skip
        configuration = {"name": "b", "vocabulary": words, "stages": [stage]}
        start = {"name": "a", "provenance": {"configuration": {"name": "a"}}}
        return "\n".join(training_recipe({"configuration": configuration, "start": start}))

    assert recipe(extend=True).startswith("The model of *a*, trained further")
    assert recipe(extend=False).startswith("The encoder of *a*, trained further")
    assert "| decoder | coco:part, coco:coco without photos |" in recipe(extend=True)


def test_languages_were_added_to_a_model() -> None:
    recipe = training_recipe(
        {
            "configuration": {"name": "b", "languages": {"codes": ["de", "fr"]}},
            "start": {"name": "a", "provenance": {"configuration": {"name": "a"}}},
        }
    )
    assert recipe[0].startswith("The decoder of de, fr, on the encoder of *a*, seed ?")


def test_weights_are_followed_to_where_they_began() -> None:
    first = {
        "name": "first", "encoder": {"name": "efficientnet_lite2", "weights": "package"},
        "stages": [{"train": ["flickr8k:f:train", "coco:coco"]}],
    }  # fmt: skip
    second = {"name": "second", "stages": [{"train": ["boxes:a:train"], "texts": ["en.more"]}]}
    document = {
        "provenance": {
            "configuration": second,
            "start": {"name": "first", "provenance": {"configuration": first}},
        }
    }
    text = "\n".join(weights_section(document))
    assert text.index("*first*") < text.index("*second*")
    assert "Apache-2.0" in text
    assert "`coco`, `flickr8k`" in text
    assert "`boxes`, `en.more`" in text
    assert "*second*: trained further" in text
