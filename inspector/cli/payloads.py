"""`payloads`: one's own payloads from the command line. Imports click and the commands' output; the sender lazily."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.secrets import prompt_for
from inspector.cli.send_sources import open_payloads, payloads_option, print_entries, read_body
from inspector.errors import UsageError
from inspector.workbench import Workbench

_NONE_YET = "There are none yet. Keep one with: push-inspector payloads save TITLE ios"


@click.group(context_settings=CONTEXT)
@common
def payloads() -> None:
    """Keep payloads of your own, as plain files that Git likes."""


@payloads.command("list", context_settings=CONTEXT)
@click.argument("words", nargs=-1)
@payloads_option
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def list_payloads(words: tuple[str, ...], payloads: Path | None, as_json: bool) -> int:  # noqa: FBT001 - click's
    """List your own payloads, or those in which all WORDS are found."""
    from inspector.sender.kept import library

    kept = open_payloads(current_home(), payloads)
    own = tuple(one for one in library.open_payloads(kept) if one.own)
    found = library.search(own, " ".join(words))
    if not found:
        click.echo(
            "Nothing matches." if own else _NONE_YET,
            err=True,
        )
    print_entries(found, as_json=as_json)
    return 0


@payloads.command("save", context_settings=CONTEXT)
@click.argument("title")
@click.argument("source")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag (repeatable).")
@click.option("--note", default="", help="What it is for.")
@click.option("--over", is_flag=True, help="TITLE is a payload that is there; give it another body.")
@payloads_option
@common
def save(
    title: str,
    source: str,
    tags: tuple[str, ...],
    note: str,
    over: bool,  # noqa: FBT001 - click's
    payloads: Path | None,
) -> int:
    """Keep SOURCE (all that `send` takes) as it is, byte for byte, under TITLE."""
    kept = open_payloads(current_home(), payloads)
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        body = read_body(source, workbench, payloads)
    finally:
        workbench.close()
    if over:
        name = kept.find(title).name
        kept.save_over(name, body)
        if tags or note:
            kept.describe(name, tags=tags or None, note=note or None)
    else:
        name = kept.save(title, body, tags=tags, note=note).name
    click.echo(f"{kept.folder / f'{name}.json'}")
    click.echo(f"Send it with: push-inspector send {name} --to URL", err=True)
    return 0


@payloads.command("show", context_settings=CONTEXT)
@click.argument("name")
@payloads_option
@common
def show(name: str, payloads: Path | None) -> int:
    """Print the bytes of a payload or template, as they are."""
    from inspector.sender.kept.library import find_entry

    entry = find_entry(name, open_payloads(current_home(), payloads))
    sys.stdout.buffer.write(entry.body)
    sys.stdout.buffer.flush()
    return 0


@payloads.command("edit", context_settings=CONTEXT)
@click.argument("name")
@click.option("--title", help="Another title; the file gets a name to match.")
@click.option(
    "--tag", "tags", multiple=True, metavar="TAG", help="Tags instead of those it has (repeatable)."
)
@click.option("--no-tags", is_flag=True, help="Take its tags away.")
@click.option("--note", help="Another note.")
@payloads_option
@common
def edit(
    name: str,
    title: str | None,
    tags: tuple[str, ...],
    no_tags: bool,  # noqa: FBT001 - click's
    note: str | None,
    payloads: Path | None,
) -> int:
    """Change a payload's title, tags or note."""
    if title is None and not tags and not no_tags and note is None:
        raise UsageError("There is nothing to change.", "Give --title, --tag, --no-tags or --note.")
    kept = open_payloads(current_home(), payloads)
    changed = kept.describe(
        kept.find(name).name, title=title, tags=tags if tags or no_tags else None, note=note
    )
    click.echo(f"{kept.folder / f'{changed.name}.json'}")
    return 0


@payloads.command("duplicate", context_settings=CONTEXT)
@click.argument("name")
@click.argument("title", default="")
@payloads_option
@common
def duplicate(name: str, title: str, payloads: Path | None) -> int:
    """Make a second one like it, under TITLE or “… copy”."""
    kept = open_payloads(current_home(), payloads)
    click.echo(f"{kept.folder / f'{kept.duplicate(kept.find(name).name, title).name}.json'}")
    return 0


@payloads.command("delete", context_settings=CONTEXT)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--yes", is_flag=True, help="Don't ask.")
@payloads_option
@common
def delete(names: tuple[str, ...], yes: bool, payloads: Path | None) -> int:  # noqa: FBT001 - click's
    """Delete payloads with what is noted of them."""
    kept = open_payloads(current_home(), payloads)
    found = [kept.find(name).name for name in names]
    what = found[0] if len(found) == 1 else f"{len(found)} payloads"
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(
                f"This deletes {what}, and there is no terminal to ask at.", "Say so with --yes."
            )
        if not click.confirm(f"Delete {what} for good?", err=True):
            click.echo("Nothing was deleted.", err=True)
            return 0
    for name in dict.fromkeys(found):
        kept.delete(name)
    click.echo(f"{what} deleted.", err=True)
    return 0


@payloads.command("export", context_settings=CONTEXT)
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@payloads_option
@common
def export(directory: Path, names: tuple[str, ...], payloads: Path | None) -> int:
    """Write payloads (all without a NAME) into DIRECTORY; never over a file that is there."""
    from inspector.sender.kept.payload_files import export_files

    kept = open_payloads(current_home(), payloads)
    chosen = [kept.find(name) for name in names] if names else list(kept.list())
    if not chosen:
        click.echo(_NONE_YET, err=True)
    for path in export_files(map(kept.whole, chosen), directory):
        click.echo(str(path))
    return 0


@payloads.command("import", context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|DIR...")
@payloads_option
@common
def import_payloads(files: tuple[Path, ...], payloads: Path | None) -> int:
    """Take .json files, and those of folders, with the .about.json beside them."""
    from inspector.sender.kept.payload_files import import_files

    done = import_files(open_payloads(current_home(), payloads), files)
    for payload in done.payloads:
        click.echo(payload.name)
    for line in done.left_out:
        click.echo(f"Left out {line}", err=True)
    return 0


@payloads.command("folder", context_settings=CONTEXT)
@click.argument("directory", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--own", is_flag=True, help="Use the home's own folder again.")
@common
def folder(directory: Path | None, own: bool) -> int:  # noqa: FBT001 - click's
    """Print the folder of payloads, or use DIRECTORY from now on: a Git checkout, for one."""
    from inspector.sender.kept.payloads import folder_of, use_folder

    home = current_home()
    click.echo(str(use_folder(home, directory) if directory is not None or own else folder_of(home)))
    return 0
