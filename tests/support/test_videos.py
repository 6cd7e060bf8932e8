"""The makers of videos, where they could disturb the tests that come after."""

import os

from tests.support.videos import AV1, colour, video


def test_no_encoder_changes_how_the_tests_are_scheduled() -> None:
    before = os.sched_getscheduler(0)
    assert video([colour((9, 9, 9))], format="mp4", coding=AV1)
    assert os.sched_getscheduler(0) == before
