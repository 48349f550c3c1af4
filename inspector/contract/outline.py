"""Where everything stands in a JSON text: a tree of places. Pure; imports its own room."""

from __future__ import annotations

from inspector.contract import scan
from inspector.contract.paths import Path


class Node:
    """One value of a JSON text, at `text[start:end]`.

    `kind` is a token's kind (`{` and `[` for containers). For a member of an object, `key` is its decoded key, which
    stands at `text[key_start:key_end]`; else both are `start`. `children` are the members or items in their order.
    """

    __slots__ = ("children", "end", "key", "key_end", "key_start", "kind", "start")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind = kind
        self.start = self.key_start = self.key_end = start
        self.end = end
        self.key = ""
        self.children: list[Node] = []

    def child(self, part: str | int) -> Node | None:
        """The member of that key (the last one, which counts), or the item of that index, where there is one."""
        if isinstance(part, int):
            return self.children[part] if self.kind == "[" and part < len(self.children) else None
        if self.kind != "{":
            return None
        return next((child for child in reversed(self.children) if child.key == part), None)


def outline(text: str) -> Node:
    """The tree of a JSON text. Raises JsonSyntaxError where it is none."""
    root: Node | None = None
    open_nodes: list[Node] = []
    key: tuple[int, int] | None = None
    for kind, start, end in scan.tokens(text):
        if kind == scan.KEY:
            key = start, end
            continue
        if kind in "}]":
            open_nodes.pop().end = end
            continue
        node = Node(kind, start, end)
        if key is not None:
            node.key_start, node.key_end = key
            node.key = scan.string_value(text, *key)
            key = None
        if open_nodes:
            open_nodes[-1].children.append(node)
        else:
            root = node
        if kind in "{[":
            open_nodes.append(node)
    assert root is not None  # tokens() raises where there is no value
    return root


def descend(root: Node, path: Path) -> tuple[Node, int]:
    """The deepest node on the way along `path`, and how many parts of the path lead to it."""
    node = root
    for depth, part in enumerate(path):
        below = node.child(part)
        if below is None:
            return node, depth
        node = below
    return node, len(path)
