"""A cURL command that was copied from elsewhere, as what it would send. Pure; nothing is run, no file is read.

Imports its own room and errors. Options are those of curl's manual; of these, what names a body, headers, who is to be
told and whom to trust is taken, the rest is left out, and told where it would change what is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from inspector.errors import UsageError
from inspector.sender.pasted import Form, Pasted, sort_out, without_user
from inspector.sender.shell_words import Word, commands

_CURL = re.compile(r"(?:[^\s]*[/\\])?curl(?:\.exe)?", re.IGNORECASE)
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=(?:'[^']*'|\"[^\"]*\"|[^\s'\"])*")
_SET = re.compile(r"[A-Za-z_]\w*=")
_SHORT = {
    "X": "request", "H": "header", "d": "data", "u": "user", "E": "cert", "x": "proxy", "A": "user-agent",
    "e": "referer", "b": "cookie", "F": "form", "T": "upload-file", "o": "output", "m": "max-time", "w": "write-out",
    "c": "cookie-jar", "D": "dump-header", "K": "config", "U": "proxy-user", "r": "range", "C": "continue-at",
    "y": "speed-time", "Y": "speed-limit", "z": "time-cond", "Q": "quote", "P": "ftp-port", "t": "telnet-option",
}  # fmt: skip
_SHORT_FLAGS = {"k": "insecure", "G": "get", "I": "head"}
_DATA = frozenset({"data", "data-raw", "data-binary", "data-ascii", "json"})
_FORMS = frozenset({"form", "form-string", "data-urlencode", "upload-file"})
_LEFT_OUT = {
    "resolve": "--resolve was left out: the name is looked up as usual.",
    "connect-to": "--connect-to was left out: the host of the address is asked.",
    "unix-socket": "--unix-socket was left out.",
    "interface": "--interface was left out.",
    "cookie": "Cookies were left out; the pusher has none.",
    "config": "--config was left out: no file is read.",
    "pass": "--pass was left out: the key's password is asked for where it is needed.",
    "proxy-user": "The proxy's user and password were left out.",
    "proxy-pass": "The proxy's password was left out.",
    "oauth2-bearer": "--oauth2-bearer was left out.",
}
_WITH_VALUE = frozenset(
    {
        *_SHORT.values(), *_DATA, *_FORMS, *_LEFT_OUT,
        *("url", "cacert", "capath", "key", "cert-type", "key-type", "ciphers", "tls13-ciphers", "connect-timeout"),
        *("retry", "retry-delay", "retry-max-time", "tls-max", "noproxy", "preproxy", "socks5", "socks5-hostname"),
        *("socks4", "socks4a", "proxy-header", "trace", "trace-ascii", "stderr", "limit-rate", "max-filesize"),
        *("max-redirs", "keepalive-time", "dns-servers", "local-port", "netrc-file", "pinnedpubkey", "proto"),
        *("proto-default", "proto-redir", "url-query", "variable", "crlfile", "curves", "expect100-timeout", "hsts"),
        *("alt-svc", "doh-url", "engine", "aws-sigv4", "happy-eyeballs-timeout-ms", "proxy-cacert", "proxy-cert"),
        *("proxy-key", "request-target", "output-dir", "etag-save", "etag-compare", "create-file-mode", "rate"),
    }
)  # fmt: skip


_COMMAND = rf"\s*(?:[$>%#]\s+)?(?:{_ASSIGNED.pattern}\s+)*{_CURL.pattern}(?:\s|\^|\\|$)"


def is_curl(text: str) -> bool:
    """Whether one of the lines of a text begins a cURL command."""
    return re.search(rf"(?m)(?:^|[;&|]){_COMMAND}", text) is not None


def begins_with_curl(text: str) -> bool:
    """Whether a text begins with a cURL command that asks something of somebody: with an option or an address. Such a
    word at the beginning of a sentence is none."""
    return re.match(_COMMAND, text) is not None and re.search(r"https?://|\s--?[A-Za-z]", text) is not None


@dataclass
class _Read:
    """What was read of the options so far."""

    urls: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    headers: list[Word] = field(default_factory=list)
    data: list[tuple[str, Word]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)


def read_curl(text: str) -> Pasted:
    """What the first cURL command in the text would send. Raises UsageError where that can't be told from the command
    alone (a body in a file, a form), or it is no such command."""
    words = _curl_words(text)
    read = _Read()
    at = 0
    ended = False
    while at < len(words):
        word = words[at]
        at += 1
        option, joined = _option(word) if not ended else ("", None)
        if not option:
            read.urls.append(word.text)
            read.variables += word.variables
        elif option == "--":
            ended = True
        elif option in _WITH_VALUE or joined is not None:
            if joined is None:
                if at >= len(words):
                    raise UsageError(f"--{option} has no value in this command.", "Copy the whole command.")
                joined, at = words[at], at + 1
            _take(option, joined, read)
        else:
            read.flags |= _flags(word.text, option)
    if not any(read.urls) and not read.data:
        raise UsageError("The command names neither an address nor a body.", "Copy the whole command.")
    return _pasted(read)


def _curl_words(text: str) -> list[Word]:
    for words in commands(text):
        while words and (
            (not words[0].quoted and words[0].text in ("$", ">", "%", "#", "sudo"))
            or _SET.match(words[0].text)
        ):
            words = words[1:]
        if words and _CURL.fullmatch(words[0].text):
            return words[1:]
    raise UsageError("This is no cURL command.", "Copy a command that begins with “curl”.")


def _option(word: Word) -> tuple[str, Word | None]:
    """The long name of an option and the value joined to it; an empty name where the word is none."""
    text = word.text
    if text == "--":
        return "--", None
    if text.startswith("--"):
        name, equals, value = text[2:].partition("=")
        if equals and name in _WITH_VALUE:  # curl itself does not take this; people write it
            return name, Word(value, word.variables, word.quoted)
        return text[2:], None
    if len(text) < 2 or text[0] != "-":
        return "", None
    for place, letter in enumerate(text[1:], 1):
        if letter in _SHORT:
            rest = text[place + 1 :]
            flags = text[1:place]
            if flags.strip("sSLkvifgGINajqpRZ012346#"):
                return text[1:], None
            return _SHORT[letter], Word(rest, word.variables, word.quoted) if rest else None
    return text[1:], None


def _flags(text: str, option: str) -> set[str]:
    if text.startswith("--"):
        return {option}
    return {_SHORT_FLAGS.get(letter, letter) for letter in text[1:]}


def _take(option: str, word: Word, read: _Read) -> None:
    if option in _FORMS:
        raise UsageError(
            f"This command sends a form or a file (--{option}), and a push is a JSON body.",
            "Copy the body itself, and paste that.",
        )
    if option in _DATA:
        if word.text.startswith("@") and option != "data-raw":
            name = "standard input" if word.text in ("@", "@-") else word.text[1:]
            raise UsageError(
                f"The body is in {name}, and no file is read for a pasted command.",
                "Open that file in the composer instead, or paste its content.",
            )
        read.data.append((option, word))
    elif option == "header":
        read.headers.append(word)
    elif option == "url":
        read.urls.append(word.text)
        read.variables += word.variables
    elif option in _LEFT_OUT:
        read.remarks.append(_LEFT_OUT[option])
    elif option == "user-agent":
        read.headers.append(Word(f"User-Agent: {word.text}", word.variables))
    elif option == "referer":
        read.headers.append(Word(f"Referer: {word.text}", word.variables))
    else:
        read.values[option] = word.text
        if option in ("user", "proxy"):
            read.variables += word.variables


def _pasted(read: _Read) -> Pasted:
    headers, removed = _headers(read)
    kept, user, password = sort_out(headers)
    names = {name.lower() for name, _ in kept} | removed
    json = any(option == "json" for option, _ in read.data)
    if json:
        kept += [
            (name, "application/json") for name in ("Content-Type", "Accept") if name.lower() not in names
        ]
    url, url_user, url_password = without_user(_url(read))
    if "user" in read.values:
        user, _, password = read.values["user"].partition(":")
    elif not user:
        user, password = url_user, url_password
    body = _body(read)
    method = read.values.get("request", "GET" if not read.data else "POST").upper()
    if "head" in read.flags or "get" in read.flags:
        method = "HEAD" if "head" in read.flags else "GET"
    if method != "POST":
        read.remarks.append(f"It is a {method}; the pusher sends by POST.")
    if user and not password:
        read.remarks.append(f"The password of {user} is not in the command: type it in the target.")
    proxy = without_user(read.values.get("proxy", ""))[0]
    cert = read.values.get("cert", "")
    # What follows the colon is the password of the key; a drive's letter is followed by one, too.
    if found := re.fullmatch(r"((?:[A-Za-z]:[\\/])?[^:]*):(.+)", cert, re.DOTALL):
        cert = found[1]
        read.remarks.append(
            "The password of the certificate was left out: it is asked for where it is needed."
        )
    variables = tuple(dict.fromkeys(read.variables))
    if variables:
        read.remarks.append(f"Only the shell knows the value of {', '.join(variables)}: fill it in by hand.")
    return Pasted(
        Form.CURL,
        url=url,
        method=method,
        headers=tuple(kept),
        body=body,
        remarks=tuple(dict.fromkeys(read.remarks)),
        basic_user=user,
        basic_password=password,
        insecure="insecure" in read.flags,
        cert=cert,
        key=read.values.get("key", ""),
        cacert=read.values.get("cacert", ""),
        proxy=proxy,
        variables=variables,
    )


def _headers(read: _Read) -> tuple[list[tuple[str, str]], set[str]]:
    """The headers, and the names of those that curl is told not to send."""
    found: list[tuple[str, str]] = []
    removed: set[str] = set()
    for word in read.headers:
        name, colon, value = word.text.partition(":")
        if word.text.startswith("@"):
            read.remarks.append("Headers in a file were left out: no file is read.")
        elif not colon and name.endswith(";"):
            found.append((name[:-1].strip(), ""))
        elif not colon:
            read.remarks.append("A header without a colon was left out, as curl does.")
        elif word.variables:
            read.variables += word.variables
            read.remarks.append(f"The header {name.strip()} was left out: its value is in the shell.")
        elif value.strip():
            found.append((name.strip(), value.strip()))
        else:
            removed.add(name.strip().lower())
    return found, removed


def _url(read: _Read) -> str:
    urls = [url for url in read.urls if url]
    if not urls:
        return ""
    if len(urls) > 1:
        read.remarks.append("The command names several addresses; the first one was taken.")
    url = urls[0]
    return url if re.match(r"(?i)[a-z][a-z0-9+.-]*://", url) else f"http://{url}"


def _body(read: _Read) -> bytes:
    pieces: list[str] = []
    for option, word in read.data:
        if word.variables:
            read.variables += word.variables
        joined = "" if option == "json" or not pieces else "&"
        pieces.append(f"{joined}{word.text}")
    return "".join(pieces).encode("utf-8", "replace")
