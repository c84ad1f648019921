using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Holds the bank's lines against what we expect of the bank: channels' money and our payouts (银企对账).
/// </summary>
/// <remarks>A line confirms money that we booked already, or is how we learn of it: then the channel's money is booked
/// as received by it. Each match is an event; a run that was killed goes on.</remarks>
public sealed class BankMatching(
    IEventLog log, EventCodec codec, IdSource ids, Projector views, StatementQueries statements, DayStreams days,
    ExpectedLines expected, TimeProvider time) : IDisposable
{
    private const int LookBackDays = 62;
    private const int ChunkMax = 500;
    private readonly SemaphoreSlim _one = new(1);

    public void Dispose() => _one.Dispose();

    /// <summary>Matches all that is open of the last two months.</summary>
    /// <returns>How many lines were matched.</returns>
    public async Task<int> Run(EventMetadata metadata, CancellationToken cancellation)
    {
        // Two runs at once would take two lines for the same money.
        await _one.WaitAsync(cancellation);
        try
        {
            return await RunAlone(metadata, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<int> RunAlone(EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var today = BusinessDay.Of(time.GetUtcNow());
        var since = new BusinessDay(today.Date.AddDays(-LookBackDays));
        var open = await statements.Lines(since, today, openOnly: true, cancellation);
        var rows = (await statements.Expected(since, today, cancellation)).ToDictionary(row => row.Id);
        var accounts = open.ToDictionary(line => line.Line, line => line.Account);
        var matches = StatementMatching.Of(open.Select(LineOf), rows.Values.Select(ExpectedOf));
        foreach (var match in matches)
        {
            foreach (var one in match.To.Where(one => !rows[one.Id].IsBooked))
                await Receive(rows[one.Id], match.Line, metadata, cancellation);
        }

        foreach (var account in matches.GroupBy(match => accounts[match.Line.Id]))
            await Append(
                account.Key, account.Select(match => Event(account.Key, match, rows)), metadata, cancellation);
        if (matches.Count > 0)
            await views.WaitForHead(cancellation);
        return matches.Count;
    }

    /// <summary>Says that a line is not what it was taken for.</summary>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Undo(
        string account, string line, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        var (state, version) = await Load(account, cancellation);
        if (!state.Matches.TryGetValue(line, out var match))
            return Refusal.Of(StatementRejection.StatementLineNotMatched, $"{account} {line}");
        if (match.IsSource)
            return Refusal.Of(
                StatementRejection.StatementMatchBooked,
                $"{account} {line}: the channel's money was booked by this line.");
        await log.TryAppend<StatementEvent>(
            codec, ids, StatementDesk.StreamOf(account), version,
            [new StatementEvent.MatchUndone(account, line, match.To, reason, Now)], metadata, CancellationToken.None);
        return null;
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    private async Task Receive(
        ExpectedMoneyRow row, StatementLine line, EventMetadata metadata, CancellationToken cancellation)
    {
        if (!ChannelNames.TryParse(row.Channel, out var channel))
            throw new InvalidDataException($"{row.Id} is of no channel.");
        var (told, version) = await days.Load(channel, row.Day, cancellation);
        if (told.Funds is not null)
            return;
        var amount = new Money(row.AmountMinor, Enum.Parse<Currency>(row.Currency));
        var repaid = await expected.AdvanceOpen(channel, row.Day, amount, cancellation);
        await days.Append(
            channel, row.Day, version,
            [
                new ReconciliationEvent.FundsReceived(
                    channel, row.Day, amount, repaid, line.Reference.Length > 0 ? line.Reference : line.Id, Now,
                    told.Bill?.BookedOn is null ? null : BusinessDay.Of(Now)),
            ],
            metadata);
    }

    private StatementEvent.Matched Event(
        string account, MoneyMatch match, Dictionary<string, ExpectedMoneyRow> rows) => new(
        account, match.Line.Id, match.To.Select(one => one.Id).ToValueList(), match.Line.Amount, match.How,
        match.To.Any(one => !rows[one.Id].IsBooked), Now);

    // Another writer who came first has matched, or read lines that the next run looks at.
    private async Task Append(
        string account, IEnumerable<StatementEvent.Matched> found, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var (state, version) = await Load(account, cancellation);
        foreach (var chunk in found.Where(match => !state.Matches.ContainsKey(match.Line)).Chunk(ChunkMax))
        {
            var result = await log.TryAppend<StatementEvent>(
                codec, ids, StatementDesk.StreamOf(account), version, chunk, metadata, CancellationToken.None);
            if (result.Outcome == AppendOutcome.Conflict)
                return;
            version = result.Version;
        }
    }

    private async Task<(AccountStatements State, long Version)> Load(string account, CancellationToken cancellation)
    {
        var history = await log.Load<StatementEvent>(codec, StatementDesk.StreamOf(account), cancellation);
        return (history.Events.Aggregate(AccountStatements.Initial, AccountStatements.Evolve), history.Version);
    }

    private static StatementLine LineOf(StatementLineRow row) => new(
        row.Line, row.BookedAt, new(row.AmountMinor, Enum.Parse<Currency>(row.Currency)), null, row.Reference,
        row.Counterparty, row.Note, row.LineNo);

    private static ExpectedMoney ExpectedOf(ExpectedMoneyRow row) => new(
        row.Id, row.Channel, row.Day, new(row.AmountMinor, Enum.Parse<Currency>(row.Currency)), row.Reference);
}
