"""`demo`: three samples received by mutual TLS and one client turned away, in the window or as a table."""

from __future__ import annotations

import click

from inspector.cli.group import CONTEXT, common
from inspector.cli.output import handshake_line, json_line, push_line, table
from inspector.cli.window import has_display


@click.command(context_settings=CONTEXT)
@click.option("--headless", is_flag=True, help="Print the result instead of opening the window.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines (implies --headless).")
@common
def demo(headless: bool, as_json: bool) -> int:  # noqa: FBT001 - click's
    """See it work: receives the documented samples in a throw-away home, turns one client away."""
    from inspector.demo import throw_away_workbench

    with throw_away_workbench() as workbench:
        if not headless and not as_json and has_display():
            from inspector.ui.demo_run import run_demo

            return run_demo(workbench)
        from inspector.demo import run_headless

        try:
            report = run_headless(workbench)
        finally:
            workbench.close()
    if as_json:
        for push in report.pushes:
            json_line(push_line(push.written, push.event))
        for refusal in report.refusals:
            json_line(handshake_line(refusal.written.id, refusal.count, refusal.event))
    else:
        rows = []
        for push in report.pushes:
            certificate = push.event.connection.certificate if push.event.connection else None
            rows.append(
                (
                    str(push.written.id),
                    push.event.service.label,
                    str(push.event.status),
                    certificate.subject if certificate else "",
                    push.event.message or "",
                )
            )
        for refusal in report.refusals:
            certificate = refusal.event.connection.certificate if refusal.event.connection else None
            subject = certificate.subject if certificate else ""
            rows.append((str(refusal.written.id), "TLS", "refused", subject, refusal.event.reason or ""))
        click.echo(f"Listened on {report.url} with mutual TLS:\n")
        click.echo(table(("ID", "SERVICE", "STATUS", "CLIENT", "TEXT OR REASON"), rows))
        for refusal in report.refusals:
            assert refusal.event.advice is not None
            click.echo(f"\nWhy it was turned away: {refusal.event.advice.text}")
        failure = report.deliveries[-1].result.failure
        if failure is not None and failure.alert:
            click.echo(f"The client received the TLS alert {failure.alert}.")
    for fault in report.faults:
        click.echo(f"push-inspector: {fault}", err=True)
    if not report.faults:
        click.echo("\nAll as expected: three pushes captured, one client turned away.", err=as_json)
    return 1 if report.faults else 0
