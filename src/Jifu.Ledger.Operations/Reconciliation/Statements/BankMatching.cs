using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Holds the bank's lines against what we expect of the bank: channels' money and our payouts (银企对账).
/// </summary>
/// <remarks>A line confirms money that we booked already, or is how we learn of it: then the channel's money is booked
/// as received by it. All matches, of whichever account, are told in one stream, at the version at which one began to
/// look: of several servers that match at the same moment one is first, and the others look again. So no money is
/// found twice. A run that was killed between a match and its booking is ended by the next one.</remarks>
public sealed class BankMatching(
    IEventLog log, EventCodec codec, IdSource ids, Projector views, StatementQueries statements, DayStreams days,
    ExpectedLines expected, TimeProvider time)
{
    private const int LookBackDays = 62;

    // No account's name has an underscore.
    private static readonly StreamName Stream = StatementDesk.StreamOf("all_matches");

    /// <summary>Matches all that is open of the last two months.</summary>
    /// <returns>How many lines were matched, by this run.</returns>
    public async Task<int> Run(EventMetadata metadata, CancellationToken cancellation)
    {
        var today = BusinessDay.Of(time.GetUtcNow());
        var since = new BusinessDay(today.Date.AddDays(-LookBackDays));
        var told = 0;
        while (true)
        {
            var version = (await log.Load<StatementEvent>(codec, Stream, cancellation)).Version;

            // What the views show from here on holds every match up to that version.
            await views.WaitForHead(cancellation);
            var found = await Find(since, today, cancellation);
            if (found.Count == 0)
                break;
            told += await Append(version, found, metadata);
        }

        foreach (var unbooked in await statements.Unbooked(since, today, cancellation))
            await Receive(unbooked, metadata, cancellation);
        await views.WaitForHead(cancellation);
        return told;
    }

    /// <summary>Says that a line is not what it was taken for.</summary>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Undo(
        string account, string line, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        var (matches, version) = await Matches(account, cancellation);
        if (!matches.TryGetValue(line, out var match) || match.Account != account)
            return Refusal.Of(StatementRejection.StatementLineNotMatched, $"{account} {line}");
        if (match.IsSource)
            return Refusal.Of(
                StatementRejection.StatementMatchBooked,
                $"{account} {line}: the channel's money was booked by this line.");
        var result = await log.TryAppend<StatementEvent>(
            codec, ids, Stream, version, [new StatementEvent.MatchUndone(account, line, match.To, reason, Now)],
            metadata, CancellationToken.None);
        return result.Outcome == AppendOutcome.Conflict
            ? await Undo(account, line, reason, metadata, cancellation)
            : null;
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    private async Task<IReadOnlyList<StatementEvent.Matched>> Find(
        BusinessDay since, BusinessDay today, CancellationToken cancellation)
    {
        var open = await statements.Lines(since, today, openOnly: true, cancellation);
        var rows = (await statements.Expected(since, today, cancellation)).ToDictionary(row => row.Id);
        var accounts = open.ToDictionary(line => line.Line, line => line.Account);
        return
        [
            .. StatementMatching.Of(open.Select(LineOf), rows.Values.Select(ExpectedOf)).Select(match =>
                new StatementEvent.Matched(
                    accounts[match.Line.Id], match.Line.Id, match.To.Select(one => one.Id).ToValueList(),
                    match.Line.Amount, match.How, match.To.Any(one => !rows[one.Id].IsBooked), Now)),
        ];
    }

    // Stops where another server was first.
    private async Task<int> Append(
        long version, IReadOnlyList<StatementEvent.Matched> found, EventMetadata metadata) =>
        (await log.AppendInPieces<StatementEvent>(
            codec, ids, Stream, version, found, metadata, CancellationToken.None)).Told;

    private async Task Receive(UnbookedMoneyRow row, EventMetadata metadata, CancellationToken cancellation)
    {
        if (!ChannelNames.TryParse(row.Channel, out var channel))
            throw new InvalidDataException($"{row.Line} is money of no channel: {row.Channel}.");
        var (told, version) = await days.Load(channel, row.Day, cancellation);
        if (told.Funds is not null)
            return;
        var amount = new Money(row.AmountMinor, Enum.Parse<Currency>(row.Currency));
        var repaid = await expected.AdvanceOpen(channel, row.Day, amount, cancellation);
        await days.Append(
            channel, row.Day, version,
            [
                new ReconciliationEvent.FundsReceived(
                    channel, row.Day, amount, repaid, row.Reference.Length > 0 ? row.Reference : row.Line, Now,
                    told.Bill?.BookedOn is null ? null : BusinessDay.Of(Now)),
            ],
            metadata);
    }

    // Older programs told an account's matches in its own stream.
    private async Task<(IReadOnlyDictionary<string, StatementEvent.Matched> Matches, long Version)> Matches(
        string account, CancellationToken cancellation)
    {
        var older = await log.Load<StatementEvent>(codec, StatementDesk.StreamOf(account), cancellation);
        var all = await log.Load<StatementEvent>(codec, Stream, cancellation);
        var state = older.Events.Concat(all.Events).Aggregate(AccountStatements.Initial, AccountStatements.Evolve);
        return (state.Matches, all.Version);
    }

    private static StatementLine LineOf(StatementLineRow row) => new(
        row.Line, row.BookedAt, new(row.AmountMinor, Enum.Parse<Currency>(row.Currency)), null, row.Reference,
        row.Counterparty, row.Note, row.LineNo);

    private static ExpectedMoney ExpectedOf(ExpectedMoneyRow row) => new(
        row.Id, row.Channel, row.Day, new(row.AmountMinor, Enum.Parse<Currency>(row.Currency)), row.Reference);
}
