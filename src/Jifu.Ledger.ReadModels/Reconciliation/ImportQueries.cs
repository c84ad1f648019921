namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>One file of a channel that was imported.</summary>
public sealed record ImportRow
{
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }

    /// <summary><c>trade</c> (交易账单) or <c>fund_flow</c> (资金账单).</summary>
    public required string Kind { get; init; }

    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    public required int Rows { get; init; }

    /// <summary>The key or the job that brought it.</summary>
    public required string ImportedBy { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>The SHA-256 of the file whose place it took; null when it was the first.</summary>
    public string? Supersedes { get; init; }

    /// <summary>Why it took that place.</summary>
    public string? Reason { get; init; }

    /// <summary>The day whose books have what it changed: its own, or a later one when that was closed.</summary>
    public required BusinessDay BookedOn { get; init; }

    /// <summary>When another file took its place; null while it counts.</summary>
    public DateTimeOffset? SupersededAt { get; init; }

    /// <summary>How many differences it showed; null while it is compared.</summary>
    public int? Differences { get; init; }
}

/// <summary>Looks up which files were imported.</summary>
public sealed class ImportQueries(ViewDatabase views)
{
    /// <summary>All of a day, each channel's in the order in which they came.</summary>
    public Task<IReadOnlyList<ImportRow>> OfDay(BusinessDay day, CancellationToken cancellation) =>
        views.List<ImportRow>(
            "SELECT * FROM views.bill_import WHERE day = @day ORDER BY channel, kind, position",
            new { day = day.Date }, cancellation);
}
