using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>A row whose proposal was not approved.</summary>
/// <param name="Cell">Where it stands in the file: <c>sheet 差异, cell A7</c>.</param>
public sealed record NotApproved(string Cell, DifferenceId Difference, Refusal Refusal);

/// <summary>What became of the approval of a filled-in table.</summary>
/// <param name="AlreadyThere">Rows whose proposals were approved before.</param>
/// <param name="Blank">Rows without an action.</param>
/// <param name="Failures">Every row that could not be approved; the others were.</param>
public sealed record ApprovalOutcome(
    int Approved, int AlreadyThere, int Blank, IReadOnlyList<NotApproved> Failures);

/// <summary>Approves what a filled-in workbook or CSV file has proposed, row by row.</summary>
/// <remarks>Whoever approves has read the file, so what it says is what is approved: a row counts for the proposal that
/// says the same of the same version, and for no other. Each row is judged as an approval by itself is, by another
/// person than who proposed it; the same file again goes on where it broke off.</remarks>
public sealed class DifferenceApprovals(DifferenceDesk desk, DifferenceCarrier carrier)
{
    /// <exception cref="Tables.WorkbookRejectedException">It is no such workbook; nothing was approved.</exception>
    /// <exception cref="Tables.CsvRejectedException">It is no such CSV file; nothing was approved.</exception>
    public async Task<ApprovalOutcome> Approve(
        ReadOnlyMemory<byte> content, string file, EventMetadata metadata, CancellationToken cancellation)
    {
        var rows = DifferenceUpload.Read(content, file, out var blank);
        var (approved, alreadyThere, failures) = (0, 0, new List<NotApproved>());
        foreach (var row in rows)
        {
            var (remedy, unfit) = row.Form.Read(row.Difference);
            var wrong = row.Wrong.Concat(unfit.Select(one => (one.Field, Expected: $"{one.Expected} is expected")))
                .Select(one => (row.CellOf(one.Field), Refusal: DifferenceUpload.Invalid(one.Expected))).ToList();
            if (wrong is [])
            {
                var (isNew, refusals) = await Approve(row, remedy!, metadata, cancellation);
                wrong.AddRange(refusals);
                if (wrong is [])
                    (approved, alreadyThere) = isNew ? (approved + 1, alreadyThere) : (approved, alreadyThere + 1);
            }

            failures.AddRange(wrong.Select(one => new NotApproved(one.Item1, row.Difference, one.Refusal)));
        }

        return new(approved, alreadyThere, blank, failures);
    }

    private async Task<(bool IsNew, IEnumerable<(string Cell, Refusal Refusal)> Refusals)> Approve(
        FilledRow row, Remedy remedy, EventMetadata metadata, CancellationToken cancellation)
    {
        var state = await carrier.Load(row.Difference, cancellation);
        var (number, refusal) = Asked(state, row, remedy);
        if (refusal is null && IsDone(state))
            return (false, []);
        if (refusal is null)
        {
            // A proposal moves nothing, so what the file shows is what there has to be now.
            var known = await desk.Find(row.Difference, cancellation);
            var otherwise = known is null
                ? []
                : ShownFields.Wrong(row with { Seen = new(known.Version) }, known).ToList();
            if (otherwise is not [])
                return (false, otherwise.Select(
                    one => (row.CellOf(one.Field), DifferenceUpload.Invalid(one.Expected))));
            var outcome = await desk.Approve(row.Difference, number, metadata, cancellation);
            if (outcome.Refusal is null)
                return (outcome.IsNew, []);
            refusal = outcome.Refusal;
        }

        return (false, [(row.CellOf(DifferenceUpload.FieldOf(refusal.Code)), refusal)]);
    }

    // A version is proposed about once at a time, so with what is to be done and why it names the proposal.
    private static (int Number, Refusal? Refusal) Asked(Difference state, FilledRow row, Remedy remedy)
    {
        if (state is not Difference.Known { Life.Last: { } last } known || last.Remedy != remedy
            || last.Reason != row.Reason || last.BasedOn != row.Seen.Version)
            return (0, Refusal.Of(
                DifferenceRejection.ProposalNotFound,
                $"No proposal of difference {row.Difference} says what this row says: it was not imported, or has "
                    + "changed since."));
        return known.Asked == last || known is Difference.CarryingOut || IsDone(known)
            ? (last.Number, null)
            : (0, Refusal.Of(
                DifferenceRejection.ProposalNotFound,
                FormattableString.Invariant($"Proposal {last.Number} of difference {row.Difference} waits no more: ")
                    + "it was turned down or not carried out, or the difference has ended otherwise."));
    }

    private static bool IsDone(Difference state) =>
        state is Difference.Closed { Reversal: null, Life: { Settled: { Approved: true } settled, Last: { } last } }
        && settled.Proposal == last.Number;
}
