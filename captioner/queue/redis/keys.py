"""The names of everything the queue keeps in Redis.

All begin with the same hash tag, so that Redis Cluster keeps them on one node, where one script
may touch several. What stands for a person or a chat is hashed, so that key names tell nothing
and are short.
"""

from __future__ import annotations

from hashlib import blake2b

GROUP = "captionbot"  # the consumer group of every stream


class Keys:
    """The key names under a prefix; raises ValueError for a prefix that breaks the hash tag."""

    def __init__(self, prefix: str) -> None:
        if not prefix or {"{", "}"} & set(prefix):
            raise ValueError("a queue's prefix needs a letter and has no braces")
        self._tag = f"{{{prefix}}}"
        self.jobs = f"{self._tag}:jobs"  # stream: jobs waiting or held; its length is the depth
        self.dead = f"{self._tag}:dead"  # stream: what became of jobs that could not be finished

    def replies(self, adapter: str) -> str:
        """Stream: an adapter's replies until it has sent them."""
        return f"{self._tag}:replies:{adapter}"

    def person(self, person: str) -> str:
        """Set: the entries of the jobs that a person has waiting or held."""
        return self.person_of(self.person_id(person))

    def person_id(self, person: str) -> str:
        """What stands for a person in an entry, so that even an unreadable one frees its slot."""
        return _digest(person)

    def person_of(self, person_id: str) -> str:
        """The key of `person`, by what an entry says."""
        return f"{self._tag}:person:{person_id}"

    def seen(self, dedupe: str) -> str:
        """String: the job that a dedupe key led to."""
        return f"{self._tag}:seen:{_digest(dedupe)}"

    def cache(self, cache_key: str) -> str:
        """Hash: a reply's wire fields."""
        return f"{self._tag}:cache:{_digest(cache_key)}"

    def sent(self, job_id: str) -> str:
        """String: somebody is sending, or has sent, the reply to this job."""
        return f"{self._tag}:sent:{_digest(job_id)}"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
