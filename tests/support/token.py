"""A PKCS#11 token in software (SoftHSM 2) of the tests' own, in a folder that goes afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LABEL, PIN = "luwte-test", "1234"
_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is there; `settings` lead the desk to it."""

    module: str
    configuration: Path

    @property
    def settings(self) -> dict[str, str]:
        """The variables of the environment."""
        return {
            "SOFTHSM2_CONF": str(self.configuration),
            "LUWTE_TOKEN_MODULE": self.module,
            "LUWTE_TOKEN_LABEL": LABEL,
            "LUWTE_TOKEN_PIN": PIN,
        }


@pytest.fixture(scope="session")
def soft_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    """A token; where there is no SoftHSM this fails under CI and skips elsewhere.

    The library keeps the token that it saw first, so a process has one for all its tests.
    """
    module = next((place for place in _PLACES if Path(place).exists()), "")
    tool = shutil.which("softhsm2-util")
    if not module or tool is None:
        message = "SoftHSM is not installed here (Debian: apt-get install softhsm2)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed here (pip install 'luwte[hsm]')")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        command = [tool, "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "12345678"]
        subprocess.run(command, check=True, capture_output=True)
        yield Token(module, configuration)
