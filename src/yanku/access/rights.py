"""Who may do what besides reading what they are granted."""

from __future__ import annotations

from enum import StrEnum

from yanku.errors import NotAllowed
from yanku.model.people import Principal, Role


class Action(StrEnum):
    """What a door asks about before it lets somebody in. Reading is a matter of Scope alone."""

    ASK = "ask"
    ADD_DOCUMENTS = "add_documents"
    CHANGE_OWN_DOCUMENTS = "change_own_documents"
    KEEP_TOKENS = "keep_tokens"
    SEE_GROUPS = "see_groups"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_GROUPS = "manage_groups"
    MANAGE_SETTINGS = "manage_settings"
    SEE_ENGINES = "see_engines"
    REBUILD_INDEX = "rebuild_index"
    MANAGE_RELEASES = "manage_releases"


EVERYBODY = frozenset(
    {
        Action.ASK,
        Action.ADD_DOCUMENTS,
        Action.CHANGE_OWN_DOCUMENTS,
        Action.KEEP_TOKENS,
        Action.SEE_GROUPS,
    }
)

RIGHTS: dict[Role, frozenset[Action]] = {
    Role.MEMBER: EVERYBODY,
    Role.ADMIN: frozenset(Action),
}


def may(principal: Principal, action: Action) -> bool:
    """Tell whether a person's role permits an action."""
    return action in RIGHTS[principal.role]


def require(principal: Principal, action: Action) -> None:
    """Raise NotAllowed unless a person's role permits an action."""
    if not may(principal, action):
        raise NotAllowed(
            f"The role {principal.role} does not permit {action}; ask an administrator."
        )
