"""Small trees of endpoints, for what the product's own do not show."""

from tests.trees import grow, plant, sign_in

__all__ = ["grow", "plant", "sign_in"]
