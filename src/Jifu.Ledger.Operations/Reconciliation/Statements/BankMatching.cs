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

    private readonly AllMatches matches = new(log, codec, ids, time);

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
            var (state, version) = await matches.Load(null, cancellation);

            // What the views show from here on holds every match up to that version.
            await views.WaitForHead(cancellation);
            var found = (await Find(since, today, state, cancellation)).Where(one => one.IsCertain).ToList();
            if (found.Count == 0)
                return told;
            told += await matches.Append(
                version, [.. found.SelectMany(one => matches.EventsOf(one, null))], metadata);
            await Settle(metadata, CancellationToken.None);
        }
    }

    /// <summary>What lines may be of which nothing but the amount speaks: a person has to say so.</summary>
    public async Task<IReadOnlyList<FoundMoney>> Proposals(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) =>
        [
            .. (await Find(from, to, (await matches.Load(null, cancellation)).State, cancellation))
                .Where(one => !one.IsCertain),
        ];

    /// <summary>Says what a line is. What books money is said by another person than whoever brought it.</summary>
    /// <param name="to">Movements that no line is yet, whose amounts are together the line's.</param>
    /// <returns>Null when it is so.</returns>
    public Task<Refusal?> Confirm(
        string account, string line, IReadOnlyList<string> to, EventMetadata metadata,
        CancellationToken cancellation) => Confirm(account, [line], to, metadata, cancellation);

    /// <summary>The same of lines that are one movement only together, which always books money or says what was
    /// booked.</summary>
    /// <param name="lines">The first one is of the account; the others may be of any.</param>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Confirm(
        string account, IReadOnlyList<string> lines, IReadOnlyList<string> to, EventMetadata metadata,
        CancellationToken cancellation)
    {
        while (true)
        {
            var version = (await matches.Load(null, cancellation)).Version;
            await views.WaitForHead(cancellation);
            var (found, refusal) = await OpenMoney.Find(
                statements, account, lines, to, BusinessDay.Of(Now), cancellation);
            if (found is null)
                return refusal;
            if (found.BeyondMinor != 0)
                return Refused(
                    StatementRejection.StatementAmountsDiffer, $"{found.Expected} is expected, and {found.Came} came.")
                    with { Amounts = AmountsApart.Of(found.Expected, found.Came) };
            if (lines.Count > 1 || found.To.Any(one => !one.IsBooked))
            {
                foreach (var by in found.Lines.Select(line => line.ImportedBy).Distinct())
                {
                    if (await Said(by, metadata, cancellation))
                        return Refused(StatementRejection.StatementNeedsAnotherPerson, $"{by} brought it.");
                }
            }

            var said = new FoundMoney(found.Lines[0], found.To, "confirmed", true, [.. found.Lines.Skip(1)]);
            if (await matches.Append(version, [.. matches.EventsOf(said, metadata.Actor)], metadata) == 0)
                continue;
            await Settle(metadata, CancellationToken.None);
            return null;
        }

        Refusal Refused(StatementRejection rejection, string why) =>
            Refusal.Of(rejection, $"{account} {string.Join(' ', lines)}: {why}");
    }

    /// <summary>Says that a line is not what it was taken for. Money that was booked by it is taken back, which another
    /// person says than the one by whose word it was booked; and so is what was explained. Lines that are something
    /// only together are nothing together.</summary>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Undo(
        string account, string line, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        while (true)
        {
            var (state, version) = await matches.Load(account, cancellation);
            if (!state.Matches.TryGetValue(line, out var match) || match.Account != account)
                return Refusal.Of(StatementRejection.StatementLineNotMatched, $"{account} {line}");
            if (match.To.Any(BankMovement.IsReturned))
                return Refusal.Of(
                    StatementRejection.StatementReturnStands,
                    $"{account} {line}: the merchant has its money again. If the line is something else, agree with "
                        + "the merchant on a transfer of as much.");
            await views.WaitForHead(cancellation);
            var row = await statements.Line(account, line, cancellation);
            if (match.IsSource && await Said(match.By ?? row?.ImportedBy, metadata, cancellation))
                return Refusal.Of(
                    StatementRejection.StatementNeedsAnotherPerson,
                    $"{account} {line}: money was booked by it on the word of {match.By ?? row?.ImportedBy}.");
            if (match is { IsSource: true, Parts: null })
                await booking.TakeBackOlder(match, row?.Reference ?? "", reason, metadata, cancellation);
            if (await matches.Append(version, [.. UndoneOf(state, match, reason)], metadata) == 0)
                continue;
            await Settle(metadata, CancellationToken.None);
            return null;
        }
    }

    private IEnumerable<StatementEvent> UndoneOf(
        AccountStatements state, StatementEvent.Matched match, string reason)
    {
        var lines = match.Together ?? [match.Line];
        if (state.Explanations.TryGetValue(lines[0], out var explained))
            yield return new StatementEvent.ExplanationTakenBack(
                explained.Account, explained.Line, explained.Amount, explained.As, reason, BusinessDay.Of(Now), Now);
        foreach (var one in lines.Select(line => state.Matches[line]))
            yield return new StatementEvent.MatchUndone(one.Account, one.Line, one.To, reason, Now);
    }

    private async Task<bool> Said(string? by, EventMetadata metadata, CancellationToken cancellation) =>
        by is not null && await onePerson(by, metadata.Actor, cancellation);

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    // After what was told nothing breaks it off: whoever asked may have gone, and the books must follow.
    internal async Task Settle(EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var undone = (await matches.Load(null, cancellation)).State.Undone;
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
        var rows = (await statements.Expected(from, to, cancellation))
            .Concat(await statements.Returnable(from, to, cancellation)).ToDictionary(row => row.Id);
        var names = await ChannelNaming.Load(statements, open.Values, onePerson, cancellation);
        return
        [
            .. StatementMatching.Of(
                open.Values.Select(LineOf), rows.Values.Select(ExpectedOf),
                line => names.Of(open[line.Id], line), (line, one) => state.Undone.ContainsKey((line.Id, one.Id)))
                .Select(match => new FoundMoney(
                    open[match.Line.Id], [.. match.To.Select(one => rows[one.Id])], match.How, match.IsCertain,
                    [.. (match.With ?? []).Select(line => open[line.Id])])),
        ];
    }

    private static StatementLine LineOf(StatementLineRow row) => new(
        row.Line, row.BookedAt, Amount(row.AmountMinor, row.Currency), null, row.Reference, row.Counterparty, row.Note,
        row.LineNo);

    private static ExpectedMoney ExpectedOf(ExpectedMoneyRow row) => new(
        row.Id, row.Channel, row.Day, Amount(row.AmountMinor, row.Currency), row.Reference, row.IsBooked,
        row.Number, row.KnownOn, row.NeedsWord);

    private static Money Amount(long minorUnits, string currency) => new(minorUnits, Enum.Parse<Currency>(currency));
}
