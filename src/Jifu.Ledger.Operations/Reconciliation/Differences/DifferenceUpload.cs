using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>What became of a filled-in table.</summary>
/// <param name="Errors">Each with its cell: <c>sheet 差异, cell R7</c>, <c>line 7, column R (处理)</c>; about the first
/// fifty. When there are any, nothing was proposed.</param>
public sealed record UploadOutcome(
    int Proposed, int AlreadyThere, int Blank, IReadOnlyList<(string Cell, Refusal Refusal)> Errors);

/// <summary>Proposes what a workbook or a CSV file says: all of its rows, or none.</summary>
/// <remarks>Every row is judged before the first is proposed. The same file again is the same proposals. Its content
/// tells which of the two it is.</remarks>
public sealed class DifferenceUpload(DifferenceDesk desk, RefundNumbers numbers)
{
    private const int ErrorsMax = 50;

    /// <exception cref="Tables.WorkbookRejectedException">It is no such workbook; nothing was proposed.</exception>
    /// <exception cref="Tables.CsvRejectedException">It is no such CSV file; nothing was proposed.</exception>
    public async Task<UploadOutcome> Propose(
        ReadOnlyMemory<byte> content, string file, EventMetadata metadata, CancellationToken cancellation)
    {
        var rows = Read(content, file, out var blank);
        var wanted = new List<(FilledRow Row, Remedy Remedy)>();
        var refunds = new Dictionary<(string Channel, string Number), FilledRow>();
        var errors = new List<(string, Refusal)>();
        foreach (var row in rows.TakeWhile(_ => errors.Count < ErrorsMax))
        {
            var (remedy, unfit) = row.Form.Read(row.Difference);
            errors.AddRange(row.Wrong.Concat(await Otherwise(row, cancellation))
                .Concat(unfit.Select(one => (one.Field, Expected: $"{one.Expected} is expected")))
                .Select(one => (row.CellOf(one.Field), Invalid(one.Expected))));
            if (remedy is null || row.Wrong.Any(one => one.Field is "difference" or "version" or "found"))
                continue;
            var refused = await Refused(row, remedy, metadata, cancellation);
            errors.AddRange(refused.Select(one => (row.CellOf(FieldOf(one.Code)), one)));
            if (refused.Count > 0)
                continue;
            if (await Twice(refunds, row, remedy, cancellation) is { } twice)
                errors.Add((row.CellOf(FieldOf(twice.Code)), twice));
            else
                wanted.Add((row, remedy));
        }

        var proposed = 0;
        if (errors.Count > 0)
            return new(0, 0, blank, errors);
        foreach (var (row, remedy) in wanted)
        {
            var outcome = await desk.Propose(
                row.Difference, remedy, row.Reason, row.Seen, metadata, CancellationToken.None);
            proposed += outcome.IsNew ? 1 : 0;
            if (outcome.Refusal is { } late)
                errors.Add((row.CellOf(FieldOf(late.Code)), late));
        }

        return new(proposed, wanted.Count - proposed - errors.Count, blank, errors);
    }

    // The row that somebody has read is the one that is booked.
    private async Task<IEnumerable<(string Field, string Expected)>> Otherwise(
        FilledRow row, CancellationToken cancellation) =>
        await desk.Find(row.Difference, cancellation) is { } known ? ShownFields.Wrong(row, known) : [];

    // The rules name the first that is missing; whoever fills in the row wants to know all of it.
    private async Task<List<Refusal>> Refused(
        FilledRow row, Remedy remedy, EventMetadata metadata, CancellationToken cancellation)
    {
        var told = new List<Refusal>();
        var asked = remedy;
        while (await desk.Refused(row.Difference, asked, row.Reason, row.Seen, metadata, cancellation) is { } refusal)
        {
            told.Add(refusal);
            if (refusal.Code != "hold_owner_missing" || told.Count > 1)
                break;
            asked = remedy with { Owner = metadata.Actor };
        }

        return told;
    }

    // What stands further up is not proposed yet.
    private async Task<Refusal?> Twice(
        Dictionary<(string, string), FilledRow> refunds, FilledRow row, Remedy remedy, CancellationToken cancellation)
    {
        if (await numbers.ChannelOf(row.Difference, remedy, cancellation) is not { } channel)
            return null;
        var first = refunds.TryAdd((channel, remedy.RefundNumber!), row)
            ? row
            : refunds[(channel, remedy.RefundNumber!)];
        return first.Difference == row.Difference
            ? null
            : RefundNumbers.Twice(
                remedy.RefundNumber!, $"difference {first.Difference} in {first.CellOf("refund_number")}");
    }

    internal static IReadOnlyList<FilledRow> Read(ReadOnlyMemory<byte> content, string file, out int blank)
    {
        if (content.Span is not [(byte)'P', (byte)'K', 3, 4, ..])
            return DifferenceCsv.Read(content.Span, file, out blank);
        using var workbook = new MemoryStream(content.ToArray(), writable: false);
        return DifferenceWorkbook.Read(workbook, file, out blank);
    }

    internal static Refusal Invalid(string expected) => new("field_invalid", expected);

    internal static string FieldOf(string code) => code switch
    {
        "difference_not_found" or "difference_taken_back" => "difference",
        "difference_changed" => "version",
        "account_not_allowed" => "account",
        "merchant_not_found" => "merchant",
        "amount_not_of_correction" or "correction_amount_missing" => "amount",
        "hold_owner_missing" => "owner",
        "hold_day_passed" => "due",
        "refund_number_missing" or "refund_number_used" => "refund_number",
        _ => "action",
    };
}
