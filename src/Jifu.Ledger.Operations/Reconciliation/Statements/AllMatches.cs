using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>What lines are, of whichever account, told in one stream.</summary>
internal sealed class AllMatches(IEventLog log, EventCodec codec, IdSource ids, TimeProvider time)
{
    // No account's name has an underscore.
    private static readonly StreamName Stream = StatementDesk.StreamOf("all_matches");

    /// <param name="account">Whose own stream is read, too: older programs told its matches there. Null for
    /// none.</param>
    public async Task<(AccountStatements State, long Version)> Load(string? account, CancellationToken cancellation)
    {
        var older = account is null
            ? []
            : (await log.Load<StatementEvent>(codec, StatementDesk.StreamOf(account), cancellation)).Events;
        var all = await log.Load<StatementEvent>(codec, Stream, cancellation);
        return (
            older.Concat(all.Events).Aggregate(AccountStatements.Initial, AccountStatements.Evolve), all.Version);
    }

    /// <summary>Whether some expected money has no line any more that it had, since a moment.</summary>
    public async Task<bool> IsUndone(string expected, DateTimeOffset since, CancellationToken cancellation) =>
        (await log.Load<StatementEvent>(codec, Stream, cancellation)).Events.LastOrDefault(one => one switch
        {
            StatementEvent.Matched e => e.To.Contains(expected),
            StatementEvent.MatchUndone e => e.To.Contains(expected),
            _ => false,
        }) is StatementEvent.MatchUndone gone && gone.At >= since;

    /// <returns>How many were told: it stops where another server was first.</returns>
    public async Task<int> Append(long version, IReadOnlyList<StatementEvent> found, EventMetadata metadata) =>
        (await log.AppendInPieces(codec, ids, Stream, version, found, metadata, CancellationToken.None)).Told;

    /// <summary>What is told of lines that were found to be something.</summary>
    /// <param name="by">Who says so; null when it was found without anybody.</param>
    public IEnumerable<StatementEvent> EventsOf(FoundMoney found, string? by)
    {
        ValueList<string>? together =
            found.With is { Count: > 0 } ? found.Lines.Select(line => line.Line).ToValueList() : null;
        return found.Lines.Select(line => new StatementEvent.Matched(
            line.Account, line.Line, found.To.Select(one => one.Id).ToValueList(),
            Amount(line.AmountMinor, line.Currency), found.How,
            found.How == "explained" || found.To.Any(one => !one.IsBooked),
            time.GetUtcNow().ToOffset(BusinessDay.Offset),
            line == found.Line
                ? found.To.Select(one => new MatchedPart(one.Id, Amount(one.AmountMinor, one.Currency))).ToValueList()
                : [],
            by, together));
    }

    private static Money Amount(long minorUnits, string currency) => new(minorUnits, Enum.Parse<Currency>(currency));
}
