"""Members of a project, as in the tests of projects."""

from tests.endpoints.projects.conftest import join

__all__ = ["join"]
