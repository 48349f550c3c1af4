"""`certs show`, `certs check https://…`, `certs import -` and `certs protect`, as people run them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspector.certificates.describe import pem
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.vault import Vault
from inspector.home import Home
from tests.certificates.forge import pem as pems
from tests.cli.conftest import Listen, Run


@pytest.fixture
def ready(home: Home, prepared: Path) -> Home:
    shutil.copytree(prepared / "home", home.data)
    return home


def test_show_an_entry(ready: Home, run_here: Run) -> None:
    shown = run_here("certs", "show", "dev-client").text
    assert "CN=dev-client,O=Push Inspector" in shown
    assert "✓ Signed by dev-ca (ECDSA SHA-256), and the signature is right." in shown
    (line,) = run_here("certs", "show", "dev-client", "--json").lines
    assert [link["ok"] for link in line["links"]] == [True, True]
    assert {check["key"] for check in line["links"][1]["checks"]} == {"signature", "validity", "ca"}
    fields = line["chain"][0]["fields"]
    assert [field["name"] for field in fields][:4] == ["Subject", "Issuer", "Validity", "Serial number"]
    assert len(line["fingerprint_sha1"]) == 40
    assert line["has_key"] is True
    text = run_here("certs", "show", "dev-client", "--text").text
    assert "Extended key usage" in text
    assert "PRIVATE KEY" not in run_here("certs", "show", "dev-client", "--pem").text


def test_show_files_that_are_not_imported(home: Home, run_here: Run, tmp_path: Path) -> None:
    leaf = issue(make_ca("Root"), "leaf")
    path = tmp_path / "leaf.pem"
    path.write_bytes(pems(leaf.leaf))
    alone = run_here("certs", "show", str(path)).text
    assert "? leaf was signed by CN=Root,O=Push Inspector, which isn't here." in alone
    assert run_here("certs", "show", "-", "--pem", stdin=pems(*leaf.chain)).text == "".join(
        map(pem, leaf.chain)
    )
    assert not home.vault_file.exists()
    missing = run_here("certs", "show", str(tmp_path / "none"))
    assert missing.code == 2
    assert run_here("certs", "show", "-", "--pem", "--text", stdin=pems(leaf.leaf)).code == 2


def test_show_a_name_that_is_none(ready: Home, run_here: Run) -> None:
    done = run_here("certs", "show", "dev-clint")
    assert done.code == 2
    assert "Did you mean dev-client" in done.err
    assert "dev-clint is neither a name in the vault nor a file." in done.err


def test_check_what_is_pasted_and_what_is_no_address(home: Home, run_here: Run, tmp_path: Path) -> None:
    leaf = issue(make_ca("Root"), "leaf")
    assert run_here("certs", "check", "-", stdin=pems(*leaf.chain, leaf.key)).code == 0
    assert run_here("certs", "check", "-", stdin=b"").code == 2
    (tmp_path / "leaf.pem").write_bytes(pems(leaf.leaf))
    for said in (run_here("certs", "check", "http://127.0.0.1:1"), run_here("certs", "check", "ftp://x")):
        assert (said.code, "is no https address" in said.err) == (2, True)


def test_import_what_is_pasted(ready: Home, run: Run) -> None:
    leaf = issue(make_ca("Root"), "leaf")
    pasted = pems(*leaf.chain, leaf.key)
    assert run("certs", "import", "-", "--name", "pasted", stdin=pasted).code == 0
    assert Vault(ready).identity("pasted").leaf == leaf.leaf
    for stdin, message in ((b"", "what was pasted is empty"), (b"<html>", "what was pasted is an HTML page")):
        done = run("certs", "import", "-", "--name", "more", stdin=stdin)
        assert done.code == 2
        assert message in done.err
    assert run("certs", "import", "-", "-", "--name", "more", stdin=pasted).code == 2


def test_a_renewed_certificate_takes_the_key_that_is_there(ready: Home, run_here: Run) -> None:
    old = Vault(ready).identity("dev-client")
    renewed = issue(Vault(ready).identity("dev-ca"), "dev-client", key=old.key)
    done = run_here(
        "certs", "import", "-", "--name", "dev-client", "--replace", "--json", stdin=pems(renewed.leaf)
    )
    assert done.lines[0]["has_key"] is True
    assert Vault(ready).identity("dev-client").leaf == renewed.leaf


def test_findings_say_what_to_do(run_here: Run, tmp_path: Path) -> None:
    path = tmp_path / "leaf.pem"
    path.write_bytes(pems(issue(make_ca("Root"), "leaf").leaf))
    (line,) = run_here("certs", "check", str(path), "--json").lines
    assert all(finding["advice"] for finding in line["findings"])
    assert "→ Give the private key's file too." in run_here("certs", "check", str(path)).text


def test_check_a_server(ready: Home, run_here: Run, listen: Listen) -> None:
    listening = listen()
    done = run_here("certs", "check", listening.url, "--identity", "dev-client")
    assert done.code == 0, done.err
    assert "Takes those from: CN=dev-ca,O=Push Inspector" in done.text
    assert "✓ Signed by dev-ca" in done.text
    assert "Nothing wrong was found." in done.text
    done = run_here("certs", "check", listening.url, "--json")
    assert done.code == 0  # that it wants a certificate of ours is nothing wrong with its own
    (line,) = done.lines
    assert line["ok"] is True
    assert [link["ok"] for link in line["connection"]["links"]] == [True, True]
    assert line["connection"]["client_certificate"]["issuers"] == ["CN=dev-ca,O=Push Inspector"]
    done = run_here("certs", "check", listening.url, "--server-name", "other.example.com", "--json")
    assert done.code == 1
    (line,) = done.lines
    assert [finding["code"] for finding in line["findings"]] == ["wrong_name"]
    assert line["connection"]["tls"]["sni"] == "other.example.com"
    done = run_here("certs", "check", listening.url, "--server-name", "localhost", "--json")
    assert done.code == 0


def test_check_a_server_whose_ca_was_made_anew(ready: Home, run_here: Run, listen: Listen) -> None:
    listening = listen(elsewhere=True)
    assert run_here("certs", "create-dev", "--force").code == 0
    done = run_here("certs", "check", listening.url, "--json")
    assert done.code == 1
    (line,) = done.lines
    assert "untrusted" in [finding["code"] for finding in line["findings"]]
    assert line["connection"]["links"]


def test_check_a_server_that_is_not_there(home: Home, run_here: Run) -> None:
    done = run_here("certs", "check", "https://127.0.0.1:1", "--json")
    assert done.code == 3
    assert done.lines[0]["ok"] is False
    assert run_here("certs", "check", "https://127.0.0.1:1", "x").code == 2
    assert run_here("certs", "check", "x", "--server-name", "y").code == 2


def test_protect(ready: Home, run_here: Run) -> None:
    done = run_here("certs", "protect", "--lock-after", "1")
    assert "forgotten after 1 idle minute." in done.err
    assert json.loads(ready.idle_lock_file.read_bytes())["minutes"] == 1
    assert "idle" not in run_here("certs", "protect", "--lock-after", "never").err
    for wrong in ("0", "soon"):
        assert run_here("certs", "protect", "--lock-after", wrong).code == 2
    assert run_here("certs", "protect").code == 2


def test_deleting_names_what_uses_it(ready: Home, run_here: Run) -> None:
    saved = run_here("targets", "save", "staging", "--to", "https://127.0.0.1:1", "--identity", "dev-client")
    assert saved.code == 0, saved.err
    assert "It is used by the target staging." in run_here("certs", "delete", "dev-client").err
    assert "as its server certificate" in run_here("certs", "delete", "dev-server").err
    assert "Deleted dev-client and its private key. It was used by the target staging." in (
        run_here("certs", "delete", "dev-client", "--yes").err
    )
