"""What can be wrong with a vault, each told apart and each with its way out."""

from __future__ import annotations

from dmp_desktop.errors import CardError, StorageError, UserError


class WrongPassphrase(UserError):
    """The passphrase opens no slot of this vault."""

    code = "wrong-passphrase"


class WeakPassphrase(UserError):
    """Too short to protect anything. ``facts["minimum"]`` tells the shortest length."""

    code = "weak-passphrase"


class WrongCode(UserError):
    """A well-typed code that opens no slot of this vault: another post's, or one already replaced or used."""

    code = "wrong-code"


class InvitationExpired(UserError):
    """The code is right and its time is over: it opens nothing any more."""

    code = "invitation-expired"


class CardNotEnrolled(CardError):
    """This vault has no slot for this card."""

    code = "card-not-enrolled"


class CardRenewed(CardError):
    """The slot of this person was made with another card: the new one has another key."""

    code = "card-renewed"


class SlotDamaged(StorageError):
    """The slot of this very card no longer opens: it was edited, or copied from another vault."""

    code = "slot-damaged"


class VaultMissing(StorageError):
    """No vault here. ``facts["stores"]`` counts the encrypted files that it alone could open."""

    code = "vault-missing"


class VaultExists(StorageError):
    """A vault is already here and is never overwritten."""

    code = "vault-exists"


class VaultEdited(StorageError):
    """A slot opened, and the file is not as the program left it: somebody changed, added or removed a way in."""

    code = "vault-edited"


class VaultRolledBack(StorageError):
    """The vault is older than the store beside it (restored backup): ways in removed since then are back."""

    code = "vault-rolled-back"


class StoreRolledBack(StorageError):
    """The store is older than its vault (restored backup): acts since then may be missing here."""

    code = "store-rolled-back"


class NoSuchSlot(StorageError):
    """This vault has no way in of the kind that was asked."""

    code = "no-such-slot"


class KeyringChanged(StorageError):
    """The system keyring no longer holds this vault's secret, or holds another: the passphrase remains."""

    code = "keyring-changed"
