using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>Which kinds of trades a bill lists. Of these it tells, by what it lacks, that there were none; of the
/// others it tells nothing.</summary>
[Flags]
public enum BillCoverage
{
    None = 0,
    Payments = 1 << (int)BillLineKind.Payment,
    Refunds = 1 << (int)BillLineKind.Refund,
    Revocations = 1 << (int)BillLineKind.Revoke,
    All = Payments | Refunds | Revocations,
}

/// <summary>Asks a bill's coverage.</summary>
public static class BillCoverages
{
    public static bool Covers(this BillCoverage coverage, BillLineKind kind) =>
        ((int)coverage & (1 << (int)kind)) != 0;

    /// <summary>The same and one kind more.</summary>
    public static BillCoverage With(this BillCoverage coverage, BillLineKind kind) =>
        coverage | ((BillCoverage)(1 << (int)kind) & BillCoverage.All);

    /// <summary>The same and all kinds that rows are of: what stands in a bill it lists, whatever it is called.
    /// </summary>
    public static BillCoverage With(this BillCoverage coverage, IEnumerable<BillLine> rows) =>
        rows.Aggregate(coverage, (covered, row) => covered.With(row.Kind));

    /// <summary>For people: <c>payments and revocations</c>.</summary>
    public static string Text(this BillCoverage coverage) => string.Join(
        " and ", Enum.GetValues<BillCoverage>()
            .Where(kind => kind is not (BillCoverage.None or BillCoverage.All) && coverage.HasFlag(kind))
            .Select(kind => SnakeCase.Of($"{kind}")));
}
