"""The words of each hazard, its causes, controls and comments, as both databases index them."""

import ormar

from models.columns import BigPK, foreign_key
from models.database import table
from models.hazards import Hazard


class HazardSearch(ormar.Model):
    """One row for each hazard. It can be made anew from the hazard at any time, so it carries no dates.

    `words` are each there once, separated by spaces, and begin with the sign of their project: the index of one
    project is then as small as its log. PostgreSQL has a GIN index over them as tsvector, SQLite an FTS5 table beside
    it that triggers follow; migrations/versions/0004 makes both.
    """

    ormar_config = table("hazard_search", ormar.UniqueColumns("hazard_id"))

    id: int = BigPK()
    hazard: Hazard = foreign_key(Hazard, "hazard_id", index=False)
    words: str = ormar.Text()
