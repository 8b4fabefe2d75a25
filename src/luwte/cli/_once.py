"""Commands whose options hold one value: one that is given twice is refused, as only the last would count."""

from __future__ import annotations

import click

from luwte.base.errors import BadInput


class Once(click.Command):
    """A command that raises `BadInput` for an option that is given more than once and takes one value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Check `args` and take them."""
        _, _, given = self.make_parser(ctx).parse_args(list(args))
        for option in given:
            single = isinstance(option, click.Option) and not (option.multiple or option.is_eager)
            if single and given.count(option) > 1:
                name = " or ".join((*option.opts, *option.secondary_opts))
                raise BadInput(f"{name} is given more than once, and only one can count. Give it once.")
        return super().parse_args(ctx, args)
