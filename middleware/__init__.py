"""What every request passes on its way in and out, one concern a module, all pure ASGI.

The order, from the outside: request_id, access_log, security_headers, last_resort, allowed_hosts, cross_site, and then
authentication.middleware, which checks the session.
"""
