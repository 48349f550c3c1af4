"""What is done about the entry looked at, and about a request that waits.

Imports PySide6 and the pieces of this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from inspector.certificates.pending import PendingRequest
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.wording import deletion_consequences, request_deletion_consequences
from inspector.usage import listed as listed_uses

if TYPE_CHECKING:
    from inspector.ui.certificates.page import CertificatesPage


class EntryDeeds(QObject):
    """Belongs to the page: asks what has to be asked, and has it done."""

    def __init__(self, page: CertificatesPage) -> None:
        super().__init__(page)
        self._page = page

    @Slot()
    def renew_current(self) -> None:
        """Renew the entry looked at."""
        listed = self._page.list.current
        if listed is not None and listed.entry.has_key and self._page.contents is not None:
            self._page.desk.renew(listed, self._page.contents)

    @Slot()
    def hand_over_current(self) -> None:
        """Export the entry looked at for LivePerson and the push proxy."""
        listed = self._page.list.current
        if listed is not None and listed.entry.has_key and self._page.contents is not None:
            self._page.desk.hand_over(listed, self._page.contents)

    @Slot()
    def show_vault(self) -> None:
        """What opens the vault, and when it is locked."""
        if self._page.contents is not None:
            self._page.desk.vault(self._page.contents)

    @Slot()
    def delete_current(self) -> None:
        """Delete the entry looked at, after asking."""
        listed = self._page.list.current
        if listed is None:
            return
        consequences = deletion_consequences(listed.entry, listed_uses(listed.uses))
        if dialogs.confirm_delete(self._page, listed.entry.name, consequences):
            self._page.changes.delete(listed.entry)

    @Slot()
    def replace_current(self) -> None:
        """Import files over the entry looked at."""
        listed = self._page.list.current
        if listed is not None:
            self._page.show_import(dialogs.choose_files(self._page), replaced=listed.entry.name)

    @Slot()
    def save_ca(self) -> None:
        """Save the CA certificate that the other side needs to trust the entry looked at."""
        listed = self._page.list.current
        if listed is None or listed.ca_to_share is None:
            return
        path = dialogs.choose_destination(
            self._page, self._page.details.save_ca.text().rstrip("…"), listed.ca_file_name
        )
        if path is not None:
            self._page.changes.save_certificate(listed.ca_to_share, path)

    @Slot(bool)
    def trust(self, trusted: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        """Trust the entry looked at for clients, or no longer."""
        listed = self._page.list.current
        if listed is not None:
            self._page.changes.trust_clients(listed.entry.name, trusted=trusted)

    # requests that wait

    @Slot(object)
    def copy_request(self, request: PendingRequest) -> None:
        """Put a request on the clipboard."""
        QGuiApplication.clipboard().setText(request.pem)
        self._page.message.emit(f"Copied the request for {request.name}.")

    @Slot(object)
    def save_request(self, request: PendingRequest) -> None:
        """Save a request as a file."""
        path = dialogs.choose_destination(self._page, "Save the request", f"{request.name}.csr")
        if path is not None:
            self._page.changes.save_text(request.pem, path, f"the request for {request.name}")

    @Slot(object)
    def drop_request(self, request: PendingRequest) -> None:
        """Delete a request, after asking."""
        if dialogs.confirm_delete(self._page, f"the request {request.name}", request_deletion_consequences()):
            self._page.changes.drop_request(request)
