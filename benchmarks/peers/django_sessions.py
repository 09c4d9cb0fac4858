"""GET /account/ with Django, its sessions in the database and its usual middleware, in one gunicorn process of threads.

Its session has one limit, its age, and no idle one: that would be a write a request. Connections are kept open.
"""

import os

import django
from django.conf import settings

SESSION = "thesessionofthebenchmark01234567"
USERS, SESSIONS_EACH, THREADS = 1000, 10, 4

settings.configure(
    SECRET_KEY="a-key-for-benchmarks-only-0123456789-abcdefghijklmnop",  # noqa: S106 - of a database that is thrown away
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.db",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["PGHOST"],
            "NAME": os.environ["PGDATABASE"],
            "USER": os.environ["PGUSER"],
            "CONN_MAX_AGE": None,
        }
    },
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - needs the settings
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402

FIELDS = ("id", "username", "first_name", "last_name", "email", "is_active", "is_superuser")


def account(request: HttpRequest) -> JsonResponse:
    user = request.user
    if not user.is_authenticated:
        return JsonResponse({"detail": "Sign in"}, status=401)
    return JsonResponse({name: getattr(user, name) for name in FIELDS})


urlpatterns = [path("account/", account)]


def fill() -> None:
    call_command("migrate", verbosity=0)
    names = [f"user{n}" for n in range(USERS)]
    people = User.objects.bulk_create(
        User(username=name, first_name="Ada", last_name="Example", email=f"{name}@example.org") for name in names
    )
    ends = timezone.now() + timezone.timedelta(hours=12)
    Session.objects.bulk_create(
        Session(session_key=f"{user.pk:016}{n:016}", session_data=data_of(user), expire_date=ends)
        for user in people
        for n in range(SESSIONS_EACH)
    )
    Session.objects.create(session_key=SESSION, session_data=data_of(people[0]), expire_date=ends)


def data_of(user: User) -> str:
    backend = "django.contrib.auth.backends.ModelBackend"
    known = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: user.get_session_auth_hash()}
    encoded: str = SessionStore().encode(known)
    return encoded


class Server(BaseApplication):
    def load_config(self) -> None:
        wanted = {"bind": f"127.0.0.1:{os.environ['PORT']}", "worker_class": "gthread", "threads": THREADS}
        for name, value in {**wanted, "workers": 1, "keepalive": 60, "loglevel": "warning"}.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return get_wsgi_application()


if __name__ == "__main__":
    fill()
    Server().run()
