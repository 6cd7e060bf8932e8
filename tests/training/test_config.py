"""Run configurations: those shipped are sound, broken ones are named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.support.shapes import CONFIG
from training.config import ConfigError, RunConfig, load_config

SHIPPED = sorted((Path(__file__).parents[2] / "training" / "configs").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_configurations(path: Path) -> None:
    assert load_config(path).name == path.stem


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("seed = 3", "sead = 3", "sead"),
        ("seed = 3", "seed = -1", "seed"),
        ('name = "shapes"', 'name = "../shapes"', "name"),
        ('name = "resnet18"', 'name = "vgg"', "encoder.name"),
        ("epochs = 6", "epochs = 0", "epochs"),
        ("epochs = 6", 'epochs = "many"', "epochs"),
        ("batch_size = 12", "batch_size = -4", "batch_size"),
        ('kind = "words"', 'kind = "magic"', "stages.0"),
        ("learning_rate = 1e-3", "learning_rate = nan", "learning_rate"),
        ("sizes = [{ until = 1.0, size = 64 }]", "sizes = []", "sizes"),
        ("image_size = 64", "image_size = 100000", "image_size"),
        ("image_size = 64", "image_size = 64\nimage_detail = 64", "image_detail.*leave it out"),
        ("[encoder]", "[encoder", "not a TOML file"),
        ("[decoder]", '[decoder]\nkind = "mamba"', "decoder.*mamba"),
        ("[decoder]", '[decoder]\nkind = "transformer"', "decoder.transformer.hidden_dim"),
        ("[decoder]", '[decoder]\nattention = "harder"', "decoder.lstm.attention"),
        ("seed = 3", 'seed = 3\nprecision = "int4"', "precision"),
        ("views = 2", "views = 2\nscheduled_sampling = { most = 1.5 }", "scheduled_sampling.most"),
        ("views = 2", "views = 2\nscheduled_sampling = { begin = 0.5, end = 0.5 }", "begin"),
        ("views = 2", "views = 2\nhard_attention = { sampled = 0 }", "hard_attention.sampled"),
        ("views = 2", "views = 2\nearly_stopping = { patience = 0 }", "patience"),
        ("min_count = 2\naverage", "early_stopping = { patience = 2 }\naverage", "make captions"),
    ],
)
def test_broken_configurations(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in CONFIG
    path = tmp_path / "run.toml"
    path.write_text(CONFIG.replace(old, new, 1))
    with pytest.raises(ConfigError, match=reason) as caught:
        load_config(path)
    assert str(path) in str(caught.value)


def test_only_what_is_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    wrong = CONFIG.replace("views = 2", "veiws = 2", 1).replace("learning_rate = 1e-3\n", "", 1)
    assert wrong.count("veiws") == 1
    path.write_text(wrong)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    said = str(caught.value).removeprefix(f"{path}: ").split("; ")
    assert all(one.startswith("stages.") for one in said), said
    assert any(one.endswith(".veiws: there is no such key") for one in said), said


def test_absent_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such"):
        load_config(tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not a TOML file"):
        load_config(tmp_path / "binary.toml")


def test_a_fingerprint_changes_with_what_changes_the_weights(tmp_path: Path) -> None:
    def fingerprint(text: str, stage: int) -> str:
        path = tmp_path / "run.toml"
        path.write_text(text)
        return load_config(path).fingerprint(stage)

    later = CONFIG.replace("hidden_dim = 48", "hidden_dim = 50")
    assert fingerprint(CONFIG, 0) == fingerprint(later, 0)  # the words stage has no decoder
    assert fingerprint(CONFIG, 1) != fingerprint(later, 1)
    assert fingerprint(CONFIG, 0) != fingerprint(CONFIG.replace("seed = 3", "seed = 4"), 0)
    assert fingerprint(CONFIG, 0) != fingerprint(CONFIG, 1)


def parsed(text: str) -> RunConfig:
    return RunConfig.model_validate(tomllib.loads(text))


def test_fingerprints_stay_what_they_are() -> None:
    """Written down when runs had begun with them: such runs must go on."""
    known = (
        "ac71918235948acffd63c8d407e0a3baea855ac81560ac0250c789b7f061497f",
        "c9020323f83ca37315e6dedee489477885483089685689c9bf5e828ec202bb3e",
        "11a9d3b0a297543d9c4f9f4859924cc022a23f97c5ffab144e76f2396230b349",
    )
    assert tuple(parsed(CONFIG).fingerprint(stage) for stage in range(3)) == known
    with_defaults = CONFIG.replace("[decoder]", '[decoder]\nkind = "lstm"\nattention = "soft"')
    assert parsed(with_defaults).fingerprint(1) == known[1]


def test_kinds_of_decoders_differ_even_at_their_defaults() -> None:
    head, tail = CONFIG.split("[decoder]", 1)
    rest = tail[tail.index("\n[") :]
    lstm = parsed(head + '[decoder]\nkind = "lstm"' + rest)
    transformer = parsed(head + '[decoder]\nkind = "transformer"' + rest)
    assert lstm.fingerprint(1) != transformer.fingerprint(1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[decoder]", '[decoder]\nattention = "hard"'),
        ("views = 2", "views = 2\nscheduled_sampling = { most = 0.3 }"),
        ("views = 2", "views = 2\nhard_attention = { entropy = 0.1 }"),
        ("views = 2", "views = 2\nearly_stopping = { patience = 3 }"),
        ("seed = 3", 'seed = 3\nprecision = "bf16"'),
        ("image_size = 64", "image_size = 64\nimage_detail = 48"),
    ],
)
def test_what_was_added_later_counts_where_it_is_used(old: str, new: str) -> None:
    assert old in CONFIG
    changed = parsed(CONFIG.replace(old, new, 1))
    assert changed.fingerprint(1) != parsed(CONFIG).fingerprint(1)


def test_captions_that_decide_something_depend_on_how_they_are_made() -> None:
    """Where captions are rewarded, or decide when to stop, generation changes the weights."""
    longer = ("max_length = 10", "max_length = 11")
    larger = ("image_size = 64", "image_size = 64\nserving_size = 96")
    stopping = CONFIG.replace("views = 2", "views = 2\nearly_stopping = { patience = 3 }")
    critical = CONFIG.replace('kind = "decoder"', 'kind = "self_critical"')
    drawn = together(CONFIG).replace("views = 2", "self_critical = { samples = 3 }")
    assert parsed(CONFIG).fingerprint(1) == parsed(CONFIG.replace(*longer)).fingerprint(1)
    for text in (stopping, critical, drawn):
        assert parsed(text).fingerprint(1) != parsed(text.replace(*longer)).fingerprint(1)
    for text, decides in ((CONFIG, False), (critical, False), (stopping, True)):
        other = parsed(text.replace(*larger))
        assert other.preprocess.size == 96
        assert (other.fingerprint(1) != parsed(text).fingerprint(1)) == decides


def together(text: str) -> str:
    return text.replace('kind = "decoder"', 'kind = "end_to_end"')


def test_captions_are_predicted_or_drawn() -> None:
    text = together(CONFIG).replace("views = 2", "self_critical = {}")
    stage = parsed(text).stages[1]
    assert stage.kind == "end_to_end"
    assert stage.self_critical
    assert stage.self_critical.samples == 5
    for idle in ("label_smoothing = 0.2", "captions = 3\nattention_penalty = 1.0"):
        with pytest.raises(ValueError, match=f"leave .*{idle.split()[0]}.* out"):
            parsed(text.replace("self_critical = {}", f"self_critical = {{}}\n{idle}"))
    for wrong in ("samples = 1", 'baseline = "none"', "bleu_weight = -1"):
        with pytest.raises(ValueError, match=wrong.split()[0]):
            parsed(text.replace("self_critical = {}", f"self_critical = {{ {wrong} }}"))


def test_others_need_another() -> None:
    text = CONFIG.replace('kind = "decoder"', 'kind = "self_critical"\nsamples = 1')
    assert parsed(text).stages[1].kind == "self_critical"
    with pytest.raises(ValueError, match="samples must be > 1"):
        parsed(text.replace("samples = 1", 'samples = 1\nbaseline = "samples"'))


LANGUAGES = """
name = "spoken"
data = "."
start = "bundled"

[languages]
codes = ["de"]
sources = ["flickr8k:flickr8k:train"]

[[stages]]
kind = "decoder"
name = "decoder"
train = ["flickr8k:flickr8k:train"]
val = ["flickr8k:flickr8k:dev"]
epochs = 1
batch_size = 64
learning_rate = 1e-3
"""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('["de"]', '["tlh"]', "no captions in 'tlh'; there are de, pt"),
        ('["de"]', '["en"]', "no captions in 'en'"),
        ('["de"]', '["de", "de"]', "each language is named once"),
        ('["de"]', "[]", "languages.codes"),
        ('["de"]', '["de"]\nlongest = { fr = 3 }', "'fr' is not among the languages in codes"),
        ('["de"]', '["de"]\nlongest = { de = 0 }', "longest.de"),
        ('["de"]', '["de"]\nbalance = 2', "balance"),
        ('start = "bundled"', "", "added to a checkpoint: name it as start"),
        ("[languages]", '[vocabulary]\nsources = ["a:b"]\n[languages]', "leave .vocabulary. out"),
        ('["de"]', '["de"]\ntexts = { fr = "fr.more" }', "'fr' is not among the languages"),
        ('["de"]', '["de"]\ntexts = { de = "fr.more" }', "texts: 'fr.more' is not a file of"),
        ('kind = "decoder"', 'kind = "end_to_end"', "trained by decoder and self_critical"),
        ("epochs = 1", 'epochs = 1\ntexts = ["de.more"]', "texts of languages are named in .lang"),
    ],
)
def test_broken_configurations_of_languages(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    assert load_config(written(tmp_path, LANGUAGES)).languages
    assert old in LANGUAGES
    with pytest.raises(ConfigError, match=reason):
        load_config(written(tmp_path, LANGUAGES.replace(old, new, 1)))


EXTENDED = LANGUAGES.replace('codes = ["de"]', "extend = true").replace("[lang", "[vocab")
EXTENDED = EXTENDED.replace("[vocabuages]", "[vocabulary]")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('start = "bundled"', "", "extends that of a checkpoint: name it as start"),
        ("[vocabulary]", "[decoder]\ntied = true\n[vocabulary]", "leave .decoder. out"),
        ("epochs = 1", 'epochs = 1\ntexts = ["coco:coco"]\ntexts_share = 1.0', "texts_share"),
        (
            'kind = "decoder"',
            'kind = "self_critical"\ntexts = ["coco:coco"]',
            "no photo says",
        ),
        ('kind = "decoder"', 'kind = "end_to_end"\ntexts = ["coco:coco"]', "end_to_end.texts"),
    ],
)
def test_broken_configurations_of_further_words(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    assert load_config(written(tmp_path, EXTENDED)).extends
    assert old in EXTENDED
    with pytest.raises(ConfigError, match=reason):
        load_config(written(tmp_path, EXTENDED.replace(old, new, 1)))


def test_texts_change_the_weights() -> None:
    plain = parsed(EXTENDED)
    stage = parsed(EXTENDED.replace("epochs = 1", 'epochs = 1\ntexts = ["coco:coco"]'))
    words = parsed(EXTENDED.replace("extend = true", 'extend = true\ntexts = ["coco:coco"]'))
    assert len({one.fingerprint(0) for one in (plain, stage, words)}) == 3


def test_texts_are_not_rewarded(tmp_path: Path) -> None:
    """Nothing says which caption of no photo is a good one."""
    text = LANGUAGES.replace('["de"]', '["de"]\ntexts = { de = "de.more" }')
    assert load_config(written(tmp_path, text)).languages
    rewarded = text.replace('kind = "decoder"', 'kind = "self_critical"')
    with pytest.raises(ConfigError, match="texts: 'de' is trained self-critically"):
        load_config(written(tmp_path, rewarded))
    excepted = rewarded.replace('["de"]', '["de"]\ncross_entropy = ["de"]', 1)
    assert load_config(written(tmp_path, excepted)).languages


def written(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_credits_and_the_length_of_captions_change_no_weights() -> None:
    credit = (
        '["de"]\nlength_power = { de = 1.0 }\ncredits = { de = [{ name = "us", licence = "MIT" }] }'
    )
    same, other = (LANGUAGES.replace('["de"]', text) for text in (credit, '["de"]\nmin_count = 5'))
    assert parsed(same).fingerprint(0) == parsed(LANGUAGES).fingerprint(0)
    assert parsed(other).fingerprint(0) != parsed(LANGUAGES).fingerprint(0)
