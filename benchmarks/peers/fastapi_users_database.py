"""GET /account/ with fastapi-users, its DatabaseStrategy and a cookie, as its manual shows it with SQLAlchemy.

Its session has one limit, its age, and no idle one; its token lies in the database as it is in the cookie.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, CookieTransport
from fastapi_users.authentication.strategy.db import AccessTokenDatabase, DatabaseStrategy
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import (
    SQLAlchemyAccessTokenDatabase,
    SQLAlchemyBaseAccessTokenTableUUID,
)
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

TOKEN = "the-token-of-the-benchmark-0123456789-abcd"  # noqa: S105 - of a database that is thrown away
USERS, SESSIONS_EACH = 1000, 10


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


class Account(schemas.BaseUser[UUID]):
    first_name: str
    last_name: str


class Users(UUIDIDMixin, BaseUserManager[User, UUID]):
    pass


engine = create_async_engine(
    f"postgresql+asyncpg://{os.environ['PGUSER']}@/{os.environ['PGDATABASE']}?host={os.environ['PGHOST']}", pool_size=10
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncIterator[AsyncSession]:
    async with new_session() as opened:
        yield opened


Session = Annotated[AsyncSession, Depends(session)]


async def users(opened: Session) -> AsyncIterator[Users]:
    yield Users(SQLAlchemyUserDatabase(opened, User))


async def tokens(opened: Session) -> AsyncIterator[AccessTokenDatabase[AccessToken]]:
    yield SQLAlchemyAccessTokenDatabase(opened, AccessToken)


def strategy(
    found: Annotated[AccessTokenDatabase[AccessToken], Depends(tokens)],
) -> DatabaseStrategy[User, UUID, AccessToken]:
    return DatabaseStrategy(found, lifetime_seconds=12 * 3600)


backend = AuthenticationBackend(name="database", transport=CookieTransport(), get_strategy=strategy)
current_user = FastAPIUsers[User, UUID](users, [backend]).current_user(active=True)
app = FastAPI()


@app.get("/account/")
async def account(user: Annotated[User, Depends(current_user)]) -> Account:
    shown: Account = Account.model_validate(user)
    return shown


async def fill() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with new_session() as opened:
        people = [
            User(email=f"user{n}@example.org", hashed_password="none", first_name="Ada", last_name="Example")  # noqa: S106
            for n in range(USERS)
        ]
        opened.add_all(people)
        await opened.flush()
        opened.add_all(
            AccessToken(token=secrets.token_urlsafe(), user_id=one.id) for one in people for _ in range(SESSIONS_EACH)
        )
        opened.add(AccessToken(token=TOKEN, user_id=people[0].id))
        await opened.commit()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(fill())
    uvicorn.run(app, port=int(os.environ["PORT"]), access_log=False, log_level="warning")
