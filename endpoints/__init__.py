"""Every URL of Turva: the path of a file is its URL.

A name that ends in `_id` is a path parameter and a UUID. `index.py` is the folder itself. A name that begins with `_`
is private. `page.html` beside `page.py` is the page a browser gets for it. That is all; docs/architecture.md tells why.
"""
