"""The words that name an animal, for the five animals that photos with boxes show."""

from __future__ import annotations

from collections.abc import Iterable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ANIMAL_WORDS: dict[str, frozenset[str]] = {
    "dog": _words(
        "dog dogs doggy doggie pup pups puppy puppies canine canines hound hounds mutt greyhound "
        "greyhounds poodle poodles terrier terriers retriever retrievers collie collies dalmatian "
        "dalmatians labrador labradors rottweiler rottweilers bulldog bulldogs corgi corgis beagle "
        "beagles spaniel spaniels schnauzer husky huskies chihuahua doberman dobermans pug pugs "
        "dachshund dachshunds pitbull pitbulls"
    ),
    "cat": _words("cat cats kitten kittens kitty kitties feline felines tabby tomcat"),
    "sheep": _words("sheep lamb lambs ewe ewes ram rams"),
    "horse": _words(
        "horse horses pony ponies foal foals colt colts mare mares stallion stallions bronco "
        "broncos bronc racehorse racehorses"
    ),
    "cow": _words("cow cows calf calves bull bulls cattle ox oxen steer steers heifer heifers"),
}
"""{animal: the words for one and for many of it, its young, and usual kinds of it}.

Words that mostly mean something else in captions are left out: "boxer", "lab", "mule".
"""

ANIMAL_OF: dict[str, str] = {
    word: animal for animal, words in ANIMAL_WORDS.items() for word in words
}


def named_animals(words: Iterable[str]) -> set[str]:
    """The animals that a caption's words name: ["a", "puppy", "and", "cows"] → {dog, cow}."""
    return {ANIMAL_OF[word] for word in words if word in ANIMAL_OF}
