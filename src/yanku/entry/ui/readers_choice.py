"""Choosing the groups that may read a document."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yanku.entry.ui.elements import attributes, box, text
from yanku.entry.ui.words import Words
from yanku.model.people import Group, GroupId


def groups_choice(words: Words, groups: Sequence[Group], chosen: Collection[GroupId] = ()) -> None:
    """Add one tick box per group, named ``group``."""
    with box("", "div"):
        text("div", words.who_reads, "label")
        if not groups:
            text("p", words.no_groups, "muted")
            return
        with attributes(box("checks", "fieldset"), aria_label=words.who_reads):
            for group in groups:
                with box("check", "label"):
                    attributes(
                        box("", "input"),
                        type="checkbox",
                        name="group",
                        value=group.id,
                        checked=group.id in chosen,
                    )
                    text("span", group.name)
        text("span", words.choose_groups, "hint")
