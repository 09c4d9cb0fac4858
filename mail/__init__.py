"""Letters to people: queued with the change that causes them, sent by a worker that loses none."""
