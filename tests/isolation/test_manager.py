"""A manager sees no portfolio but their own."""

from tests.isolation.proofs import (  # noqa: F401  # taken over for this reader
    test_asked_for_by_its_id_the_other_is_not_there,
    test_it_works,
    test_nothing_a_reader_gets_depends_on_the_other,
    test_nothing_of_the_other_is_read,
    test_the_live_stream_tells_nothing_of_the_other,
    test_what_is_posted_to_the_other_is_refused_without_a_word_of_it,
)

READER = "wang.min"
