"""The same account read as others do it; their packages stand in benchmarks/requirements.txt."""
