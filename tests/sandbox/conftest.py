"""The sandbox's own tests run against a real one, over TLS."""

from helpers.sandbox_world import doctor, sandbox, sandbox_clock, sandbox_pki_folder

__all__ = ["doctor", "sandbox", "sandbox_clock", "sandbox_pki_folder"]
