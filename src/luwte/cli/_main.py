"""The command's root: which words it knows, and how every failure ends (one sentence, one exit code)."""

from __future__ import annotations

import os
import signal
import sys
import time
from importlib import import_module

import click

from luwte import __version__
from luwte.base.errors import LuwteError
from luwte.base.files import write_failure
from luwte.base.logs import place_of, say, start_log, type_of, wanted

COMMANDS = {
    "audit": ("luwte.cli.audit:audit", "Check the record of what was done; sign its state."),
    "backup": ("luwte.cli.backup:backup", "Back the desk up while it runs: encrypted and signed."),
    "calibrate": ("luwte.cli.calibrate:calibrate", "Fit how probably a match is a copy."),
    "demo": ("luwte.cli.demo:demo", "Run the main job from carrier to person on drawn pictures."),
    "desk": ("luwte.cli.desk:desk", "Register findings and tell people as they chose."),
    "enrol": ("luwte.cli.enrol:enrol", "Add fingerprints of pictures and videos to a reference bundle."),
    "fingerprint": ("luwte.cli.fingerprint:fingerprint", "Print fingerprints of files as JSON lines."),
    "keys": ("luwte.cli.keys:keys", "Show public keys, trust those of others; rotate the desk's key ring."),
    "reference": ("luwte.cli.reference:reference", "Build and show reference bundles."),
    "report": ("luwte.cli.report:report", "Show what a report says."),
    "restore": ("luwte.cli.restore:restore", "Put a backup of the desk back where none is."),
    "scan": ("luwte.cli.scan:scan", "Read carriers out and recognise known imagery."),
    "simulate": ("luwte.cli.simulate:simulate", "Run a year of telling under four policies."),
    "witness": ("luwte.cli.witness:witness", "Sign the state of another body's record."),
    "worklist": ("luwte.cli.worklist:worklist", "Export the worklist of a scan, inside the lab."),
}  # fmt: skip


class LazyGroup(click.Group):
    """A group that imports a command's module when that command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command called `name`, or None when there is no such command."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="luwte")
def luwte() -> None:
    """Luwte registers where known imagery turns up and tells each person only as they chose."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit: 0 done, 1 failure, 2 bad input, 130 interrupted.

    Errors are one sentence on standard error; `LUWTE_DEBUG=1` shows the traceback as well. With
    `LUWTE_LOG=json` standard error holds log lines instead, which say of an error what it is and where.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    start = time.perf_counter()
    if wanted():
        start_log()
    code = _ended(arguments)
    name, taken = command_name(sys.argv[1:] if arguments is None else arguments), time.perf_counter() - start
    say("command.done", command=name, code=code, ms=round(taken * 1000))
    sys.exit(code)


def _ended(arguments: list[str] | None) -> int:
    """Run the command, say in a sentence what went wrong, and return the exit code."""
    try:
        code = luwte.main(args=arguments, prog_name="luwte", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort) as stop:
        if isinstance(stop.__cause__, EOFError):  # click takes the end of any file for the user's Ctrl-D
            code = _say_own(stop.__cause__)
        else:
            code = _say("Interrupted. What was finished is kept; run the same command again to go on.", 130)
    except click.ClickException as error:
        code = _say_usage(error)
    except LuwteError as error:
        code = _say(str(error), error.exit_code)
    except BrokenPipeError:
        code = _quiet_pipe()
    except OSError as error:
        code = _say(str(write_failure_or(error)), 1)
    except Exception as error:
        code = _say_own(error)
    return code if isinstance(code, int) else 0


def command_name(arguments: list[str]) -> str:
    """Return the words of `arguments` that name a command: never a value that was given to it."""
    command: click.Command = luwte
    words = ["luwte"]
    for word in arguments:
        found = (
            command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        )
        if found is None:
            break
        command = found
        words.append(word)
    return " ".join(words)


def write_failure_or(error: OSError) -> str:
    """Return the sentence for a system error that no room caught."""
    if error.filename is None:
        return f"The system refused ({error.strerror or error}). Mend that and run this again."
    from pathlib import Path

    return str(write_failure(Path(os.fsdecode(error.filename)), error))


def _say(sentence: str, code: int) -> int:
    if os.environ.get("LUWTE_DEBUG") and sys.exc_info()[0] is not None:
        import traceback

        traceback.print_exc()
    if wanted():
        _log_failure(code)
    else:
        click.echo(f"luwte: {_one_line(sentence)}", err=True)
    return code


def _say_usage(error: click.ClickException) -> int:
    if wanted():  # what click says repeats what was given
        _log_failure(error.exit_code)
    else:
        error.show()
    return error.exit_code


def _log_failure(code: int) -> None:
    error = sys.exc_info()[1]
    kind, trace = (type_of(error), error.__traceback__) if error is not None else ("?", None)
    say("command.failed", code=code, error=kind, place=place_of(trace))


def _say_own(error: BaseException) -> int:
    return _say(
        f"Luwte met an error of its own ({type(error).__name__}). Nothing was finished. "
        "Run this again with LUWTE_DEBUG=1 and report what it prints.",
        1,
    )


def _one_line(sentence: str) -> str:
    """Return `sentence` with what is not printable escaped: a name in it cannot steer the terminal."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in sentence
    )


def _quiet_pipe() -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
