"""Commands on a centre: doctor, serve, demo."""

import os

import click

from yichuan.cli.tls import LOCAL, is_loopback, names_of, tls_files

PORT = click.IntRange(1, 65534)  # and the feed's is the next


def set_up() -> None:
    """Make Django ready. Only then may the applications' models be imported."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuan.config.settings")
    django.setup()


@click.command()
def doctor() -> None:
    """Say what is wrong with this centre's settings and surroundings, and what to do about it."""
    set_up()
    from yichuan.operations.services.doctor import examine

    findings = examine()
    for finding in findings:
        click.echo(f"{'正常' if finding.ok else '异常'}  {finding.name}：{finding.note}")
    raise SystemExit(0 if all(finding.ok for finding in findings) else 1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True, help="Pages; the feed listens on the next one.")
@click.option("--tls", "with_tls", is_flag=True, help="Speak HTTPS, with a certificate of the centre's own making.")
@click.option("--name", "names", multiple=True, help="A name or address that browsers come by; several times.")
@click.option("--behind-proxy", is_flag=True, help="A proxy on another host speaks HTTPS to browsers; this one HTTP.")
def serve(host: str, port: int, with_tls: bool, names: tuple[str, ...], behind_proxy: bool) -> None:
    """Run a centre on this machine: pages, feed, ticker and sequencer in one command."""
    from yichuan.cli.keys import opened_for_serving
    from yichuan.cli.supervisor import require_free, run

    if not (is_loopback(host) or with_tls or behind_proxy):
        raise click.UsageError(
            f"{host} 是别的机器也能访问的地址，密码不能走明文 HTTP：请加 --tls；"
            "前面有反向代理提供 HTTPS 时加 --behind-proxy（docs/serving.md）"
        )
    require_free(host, port, port + 1)
    hosts = names_of(host, names) if with_tls else [host, *LOCAL]
    os.environ.setdefault("YICHUAN_ORIGIN", f"{'https' if with_tls else 'http'}://{hosts[0]}:{port}")
    os.environ.setdefault("YICHUAN_HOSTS", ",".join(dict.fromkeys([*LOCAL, *hosts])))
    os.environ.setdefault("YICHUAN_FEED_URL", f":{port + 1}/feed/")
    set_up()
    from django.core.management import call_command

    from yichuan.operations.services.open_centre import opened

    call_command("migrate", verbosity=0)
    if opened() is None:
        click.echo("这里还没有开通中心，谁也登录不了。请先停下，运行 yichuan init，再启动。")
    files = tls_files(hosts) if with_tls else None
    if files is not None:
        click.echo(f"使用 HTTPS；浏览器要信任 {files.root}")
    click.echo(f"页面在 {os.environ['YICHUAN_ORIGIN']}/ （按 Ctrl-C 停止）")
    with opened_for_serving() as attend:
        run(host, port, files, attend)


@click.command()
@click.option("--once", is_flag=True, help="Check each step's result and end, without leaving a server running.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option("--port", type=PORT, default=8000, show_default=True)
def demo(once: bool, as_json: bool, port: int) -> None:
    """The founding document's way: made, sealed, sent to 92 units, printed, copied, returned, receipted."""
    from yichuan.cli.supervisor import require_free, run
    from yichuan.demo.place import prepare

    if not once:
        require_free("127.0.0.1", port, port + 1)
    prepare(port, once=once)
    set_up()
    from yichuan.demo.story import tell

    accounts = tell(click.echo, as_json=as_json)
    if once:
        return
    click.echo(f"\n请打开 http://127.0.0.1:{port}/ （按 Ctrl-C 停止）")
    for account in accounts:
        click.echo(f"  {account}")
    run("127.0.0.1", port)
