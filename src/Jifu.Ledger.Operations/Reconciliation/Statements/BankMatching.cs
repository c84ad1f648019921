using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Holds the bank's lines against what we expect of the bank: channels' money and our payouts (银企对账).
/// </summary>
/// <remarks>A line confirms money that we booked already, or is how we learn of it: then the channel's money is booked
/// as received by it, when it names the channel or another person than whoever brought it says so. All matches, of
/// whichever account, are told in one stream, at the version at which one began to look: of several servers that match
/// at the same moment one is first, and the others look again. So no money is found twice.</remarks>
public sealed class BankMatching(
    IEventLog log, EventCodec codec, IdSource ids, Projector views, StatementQueries statements, BankBooking booking,
    OnePerson onePerson, TimeProvider time)
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

        // What a run or a request that broke off has left.
        await Settle(metadata, cancellation);
        while (true)
        {
            var (state, version) = await Matches(null, cancellation);

            // What the views show from here on holds every match up to that version.
            await views.WaitForHead(cancellation);
            var found = (await Find(since, today, state, cancellation)).Where(one => one.IsCertain).ToList();
            if (found.Count == 0)
                return told;
            told += await Append(version, [.. found.Select(one => EventOf(one, null))], metadata);
            await Settle(metadata, CancellationToken.None);
        }
    }

    /// <summary>What lines may be of which nothing but the amount speaks: a person has to say so.</summary>
    public async Task<IReadOnlyList<FoundMoney>> Proposals(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) =>
        [
            .. (await Find(from, to, (await Matches(null, cancellation)).State, cancellation))
                .Where(one => !one.IsCertain),
        ];

    /// <summary>Says what a line is. What books money is said by another person than whoever brought it.</summary>
    /// <param name="to">Movements that no line is yet, whose amounts are together the line's.</param>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Confirm(
        string account, string line, IReadOnlyList<string> to, EventMetadata metadata, CancellationToken cancellation)
    {
        while (true)
        {
            var version = (await Matches(null, cancellation)).Version;
            await views.WaitForHead(cancellation);
            if (await statements.Line(account, line, cancellation) is not { } row)
                return Refused(StatementRejection.StatementLineNotFound, "is no line of a statement.");
            if (row.MatchedBy is not null)
                return Refused(StatementRejection.StatementLineMatched, $"is {row.MatchedTo} already.");
            var open = await statements.Expected(
                new(row.Day.Date.AddDays(-LookBackDays)), BusinessDay.Of(Now), cancellation);
            var meant = open.Where(one => to.Contains(one.Id)).ToList();
            if (to.FirstOrDefault(id => meant.All(one => one.Id != id)) is { } other)
                return Refused(StatementRejection.StatementMoneyNotExpected, $"{other} is not expected of the bank.");
            if (meant.Any(one => one.Currency != row.Currency) || meant.Sum(one => one.AmountMinor) != row.AmountMinor)
                return Refused(StatementRejection.StatementAmountsDiffer, $"{meant.Sum(one => one.AmountMinor)} "
                    + $"is expected, and {row.AmountMinor} is in the line, in minor units.");
            if (meant.Any(one => !one.IsBooked) && await Said(row.ImportedBy, metadata, cancellation))
                return Refused(StatementRejection.StatementNeedsAnotherPerson, $"{row.ImportedBy} brought it.");
            var found = new FoundMoney(row, meant, "confirmed", true);
            if (await Append(version, [EventOf(found, metadata.Actor)], metadata) == 0)
                continue;
            await Settle(metadata, CancellationToken.None);
            return null;
        }

        Refusal Refused(StatementRejection rejection, string why) => Refusal.Of(rejection, $"{account} {line}: {why}");
    }

    /// <summary>Says that a line is not what it was taken for. Money that was booked by it is taken back, which another
    /// person says than the one by whose word it was booked.</summary>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Undo(
        string account, string line, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        while (true)
        {
            var (state, version) = await Matches(account, cancellation);
            if (!state.Matches.TryGetValue(line, out var match) || match.Account != account)
                return Refusal.Of(StatementRejection.StatementLineNotMatched, $"{account} {line}");
            await views.WaitForHead(cancellation);
            var row = await statements.Line(account, line, cancellation);
            if (match.IsSource && await Said(match.By ?? row?.ImportedBy, metadata, cancellation))
                return Refusal.Of(
                    StatementRejection.StatementNeedsAnotherPerson,
                    $"{account} {line}: money was booked by it on the word of {match.By ?? row?.ImportedBy}.");
            if (match is { IsSource: true, Parts: null })
                await booking.TakeBackOlder(match, row?.Reference ?? "", reason, metadata, cancellation);
            if (await Append(version, [new StatementEvent.MatchUndone(account, line, match.To, reason, Now)], metadata)
                == 0)
                continue;
            await Settle(metadata, CancellationToken.None);
            return null;
        }
    }

    private async Task<bool> Said(string? by, EventMetadata metadata, CancellationToken cancellation) =>
        by is not null && await onePerson(by, metadata.Actor, cancellation);

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    // After what was told nothing breaks it off: whoever asked may have gone, and the books must follow.
    private async Task Settle(EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var undone = (await Matches(null, cancellation)).State.Undone;
        await booking.Settle(
            (line, to) => undone.GetValueOrDefault((line, to), ""), metadata, cancellation);
        await views.WaitForHead(cancellation);
    }

    private async Task<IReadOnlyList<FoundMoney>> Find(
        BusinessDay from, BusinessDay to, AccountStatements state, CancellationToken cancellation)
    {
        // Of a statement that was not read to its end nobody is known who brought it.
        var open = (await statements.Lines(from, to, openOnly: true, cancellation))
            .Where(row => row.ImportedBy is not null).ToDictionary(row => row.Line);
        var rows = (await statements.Expected(from, to, cancellation)).ToDictionary(row => row.Id);
        var names = await ChannelNaming.Load(statements, open.Values, onePerson, cancellation);
        return
        [
            .. StatementMatching.Of(
                open.Values.Select(LineOf), rows.Values.Select(ExpectedOf),
                line => names.Of(open[line.Id], line), (line, one) => state.Undone.ContainsKey((line.Id, one.Id)))
                .Select(match => new FoundMoney(
                    open[match.Line.Id], [.. match.To.Select(one => rows[one.Id])], match.How, match.IsCertain)),
        ];
    }

    private StatementEvent.Matched EventOf(FoundMoney found, string? by) => new(
        found.Line.Account, found.Line.Line, found.To.Select(one => one.Id).ToValueList(),
        Amount(found.Line.AmountMinor, found.Line.Currency), found.How, found.To.Any(one => !one.IsBooked), Now,
        found.To.Select(one => new MatchedPart(one.Id, Amount(one.AmountMinor, one.Currency))).ToValueList(), by);

    // Stops where another server was first.
    private async Task<int> Append(long version, IReadOnlyList<StatementEvent> found, EventMetadata metadata) =>
        (await log.AppendInPieces(codec, ids, Stream, version, found, metadata, CancellationToken.None)).Told;

    // Older programs told an account's matches in its own stream.
    private async Task<(AccountStatements State, long Version)> Matches(
        string? account, CancellationToken cancellation)
    {
        var older = account is null
            ? []
            : (await log.Load<StatementEvent>(codec, StatementDesk.StreamOf(account), cancellation)).Events;
        var all = await log.Load<StatementEvent>(codec, Stream, cancellation);
        return (
            older.Concat(all.Events).Aggregate(AccountStatements.Initial, AccountStatements.Evolve), all.Version);
    }

    private static StatementLine LineOf(StatementLineRow row) => new(
        row.Line, row.BookedAt, Amount(row.AmountMinor, row.Currency), null, row.Reference, row.Counterparty, row.Note,
        row.LineNo);

    private static ExpectedMoney ExpectedOf(ExpectedMoneyRow row) => new(
        row.Id, row.Channel, row.Day, Amount(row.AmountMinor, row.Currency), row.Reference, row.IsBooked,
        row.Number);

    private static Money Amount(long minorUnits, string currency) => new(minorUnits, Enum.Parse<Currency>(currency));
}
