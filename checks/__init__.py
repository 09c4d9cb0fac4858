"""What can be wrong with a hazard, as rules with an identity: data and plain functions, without a database."""
