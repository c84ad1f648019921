using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>Keeps every file of a channel that was imported, with who brought it, and which took which one's place and
/// why; and how each day's fund flow stands beside its trade bill.</summary>
public sealed class ImportProjection : IProjection
{
    public string Name => "imports";

    public IReadOnlyList<string> Tables => ["bill_import", "fund_flow_day", "fund_flow_account"];

    public IReadOnlyList<string> SearchedBy => ["bill_import_by_day", "fund_flow_day_pkey", "fund_flow_account_pkey"];

    public IReadOnlyList<Type> LooksAt => [typeof(ReconciliationEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) => [.. page.SelectMany(StatementsOf)];

    private static IEnumerable<Statement> StatementsOf(Recorded<object> r) => r.Event switch
    {
        ReconciliationEvent.BillImported e => [Insert(r, new("trade", e.Channel, e.Day, e.FileName, e.Sha256, e.Rows)
        {
            At = e.At, BookedOn = e.BookedOn, Reason = e.NoBill,
        })],
        ReconciliationEvent.BillSuperseded e => [
            End("trade", e.Channel, e.Day, e.OldSha256, e.At),
            Insert(r, new("trade", e.Channel, e.Day, e.FileName, e.Sha256, e.Rows)
            {
                At = e.At, BookedOn = e.BookedOn, Supersedes = e.OldSha256, Reason = e.Reason,
            })],
        ReconciliationEvent.FundFlowImported e => [
            .. e.OldSha256 is { } old ? [End("fund_flow", e.Channel, e.Day, old, e.At)] : Array.Empty<Statement>(),
            Insert(r, new("fund_flow", e.Channel, e.Day, e.FileName, e.Sha256, e.Rows)
            {
                At = e.At, BookedOn = e.BookedOn, Supersedes = e.OldSha256, Reason = e.Reason,
            })],
        ReconciliationEvent.FundFlowChecked e => [
            Checked("fund_flow", e.Channel, e.Day, e.Differences), .. FundFlowDay.Of(e)],
        ReconciliationEvent.Completed e => [Checked("trade", e.Channel, e.Day, e.Differences)],
        _ => [],
    };

    private static Statement Insert(Recorded<object> r, Import import) => new(
        """
        INSERT INTO bill_import (position, channel, day, kind, file_name, sha256, rows, imported_by, imported_at,
            supersedes, reason, booked_on)
        VALUES (@position, @channel, @day, @kind, @file, @sha256, @rows, @by, @at,
            nullif(@supersedes, ''), nullif(@reason, ''), @on)
        """,
        1,
        ("position", r.Position), ("channel", import.Channel.Name()), ("day", import.Day.Date), ("kind", import.Kind),
        ("file", import.FileName), ("sha256", import.Sha256), ("rows", import.Rows), ("by", r.Metadata.Actor),
        ("at", import.At.ToUniversalTime()), ("supersedes", import.Supersedes ?? ""), ("reason", import.Reason ?? ""),
        ("on", (import.BookedOn ?? import.Day).Date));

    private static Statement End(string kind, Channel channel, BusinessDay day, string old, DateTimeOffset at) => new(
        """
        UPDATE bill_import SET superseded_at = @at
        WHERE channel = @channel AND day = @day AND kind = @kind AND sha256 = @old AND superseded_at IS NULL
        """,
        -1, ("kind", kind), ("channel", channel.Name()), ("day", day.Date), ("old", old),
        ("at", at.ToUniversalTime()));

    // A fund flow is checked with those of the day's other accounts.
    private static Statement Checked(string kind, Channel channel, BusinessDay day, int differences) => new(
        """
        UPDATE bill_import SET differences = @differences
        WHERE channel = @channel AND day = @day AND kind = @kind AND superseded_at IS NULL
        """,
        kind == "trade" ? 1 : -1, ("kind", kind), ("channel", channel.Name()), ("day", day.Date),
        ("differences", differences));

    private sealed record Import(
        string Kind, Channel Channel, BusinessDay Day, string FileName, string Sha256, int Rows)
    {
        public required DateTimeOffset At { get; init; }
        public required BusinessDay? BookedOn { get; init; }
        public string? Supersedes { get; init; }
        public string? Reason { get; init; }
    }
}
