"""The command line: `yichuan`. Commands on files need no centre and no database; the others set Django up first."""

import logging

import click

from yichuan.cli import centre, files
from yichuan.cli.backup import backup, restore
from yichuan.cli.check import check
from yichuan.cli.client import client
from yichuan.cli.init import init
from yichuan.cli.keys import keys, unlock
from yichuan.cli.log import log
from yichuan.cli.render import render
from yichuan.cli.tls import tls
from yichuan.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """驿传: exchange of official documents between government units."""
    for library in ("fontTools", "pyhanko", "pyhanko_certvalidator"):  # a command says itself what is wrong with a file
        logging.getLogger(library).addHandler(logging.NullHandler())


for command in (
    files.typeset,
    check,
    verify,
    files.seal,
    render,
    init,
    tls,
    centre.doctor,
    centre.serve,
    centre.demo,
    backup,
    restore,
    client,
    keys,
    unlock,
    log,
):
    main.add_command(command)
