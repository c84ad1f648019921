using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Books on an account what lines of the bank are beyond all that we expected: fees, interest, transfers of
/// our own, and what a channel paid less or more. One person proposes it, another one approves.</summary>
/// <remarks>It is told in the stream of all matches: what the lines are besides, and what is left of them, at once. So
/// no fen of a line is booked twice, and none is left out.</remarks>
public sealed class BankExplanations(
    IEventLog log, EventCodec codec, IdSource ids, Projector views, StatementQueries statements, BankMatching matching,
    OnePerson onePerson, TimeProvider time)
{
    private readonly AllMatches matches = new(log, codec, ids, time);

    /// <summary>Those that wait for an approval, oldest first.</summary>
    public async Task<IReadOnlyList<StatementEvent.ExplanationProposed>> Open(CancellationToken cancellation) =>
        [
            .. (await matches.Load(null, cancellation)).State.Proposals.Values
                .OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal),
        ];

    /// <summary>Why a second look is due before some of them are approved, by id; none for those that look as usual.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, ExplanationDoubt>> Doubts(
        IReadOnlyList<StatementEvent.ExplanationProposed> waiting, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        var amounts = (await statements.LinesOf([.. waiting.SelectMany(one => one.Lines)], cancellation))
            .ToDictionary(row => row.Line, row => row.AmountMinor);
        var doubts = new Dictionary<string, ExplanationDoubt>(StringComparer.Ordinal);
        foreach (var one in waiting)
        {
            var came = one.Lines.Select(line => amounts.GetValueOrDefault(line)).ToList();
            var movements = one.To.Count == 0 ? 0 : checked(came.Sum() - one.Amount.MinorUnits);
            if (ExplanationDoubt.About(one.As, one.Amount, movements, came) is { } doubt)
                doubts[one.Id] = doubt;
        }

        return doubts;
    }

    /// <summary>Says to which account belongs what lines are beyond the movements that they are. Nothing moves by it.
    /// </summary>
    /// <param name="lines">The first one is of the account; several when they are one movement together, or one thing
    /// that was not expected, such as a fee and its reversal.</param>
    /// <param name="to">Movements that no line is yet; none when the line is nothing that we expected.</param>
    /// <returns>The proposal; or why there is none.</returns>
    public async Task<(StatementEvent.ExplanationProposed? Proposed, Refusal? Refusal)> Propose(
        string account, IReadOnlyList<string> lines, IReadOnlyList<string> to, Account @as, string reason,
        EventMetadata metadata, CancellationToken cancellation)
    {
        if (!ExplainedAccounts.Take(@as))
            return (null, Refusal.Of(StatementRejection.StatementAccountNotAdmitted, ExplainedAccounts.NotTaken(@as)));
        while (true)
        {
            var (state, version) = await matches.Load(null, cancellation);
            if (state.Proposals.Values.FirstOrDefault(one => one.Lines.Intersect(lines).Any()) is { } other)
                return IsSame(other, lines, to, @as, reason, metadata)
                    ? (other, null)
                    : (null, Refusal.Of(
                        StatementRejection.StatementExplanationOpen, $"{other.Id} waits: approve or reject it."));
            var (found, refusal) = await Find(account, lines, to, cancellation);
            if (found is null)
                return (null, refusal);
            if (ExplanationDoubt.Contradicts(@as, found.Beyond))
                return (null, Refusal.Of(
                    StatementRejection.StatementExplanationContradicts,
                    $"{found.Beyond} {(found.BeyondMinor > 0 ? "came in" : "went out")}, which is no {@as}."));
            var id = FormattableString.Invariant($"{lines[0]}-{version + 1}");
            var proposed = new StatementEvent.ExplanationProposed(
                id, account, lines.ToValueList(), to.ToValueList(), found.Beyond, @as, reason,
                metadata.Actor, Now);
            if (await matches.Append(version, [proposed], metadata) > 0)
                return (proposed, null);
        }
    }

    /// <summary>Approves what another one has proposed: from now on it is so.</summary>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Approve(string id, EventMetadata metadata, CancellationToken cancellation)
    {
        while (true)
        {
            var (state, version) = await matches.Load(null, cancellation);
            if (!state.Proposals.TryGetValue(id, out var one))
                return Refusal.Of(StatementRejection.StatementExplanationNotFound, id);
            if (await onePerson(one.By, metadata.Actor, cancellation))
                return Refusal.Of(StatementRejection.StatementNeedsAnotherPerson, $"{id}: {one.By} proposed it.");
            var (found, refusal) = await Find(one.Account, [.. one.Lines], [.. one.To], cancellation);
            if (found is null)
                return refusal;
            if (found.BeyondMinor != one.Amount.MinorUnits)
                return Refusal.Of(
                    StatementRejection.StatementAmountsDiffer,
                    $"{id}: it was about {one.Amount}, and {found.Beyond} is left by now.")
                    with { Amounts = AmountsApart.Of(one.Amount, found.Beyond) };
            var said = new FoundMoney(found.Lines[0], found.To, "explained", true, [.. found.Lines.Skip(1)]);
            var explained = new StatementEvent.Explained(
                id, one.Account, one.Lines[0], one.Amount, one.As, one.Reason, one.By, metadata.Actor,
                BusinessDay.Of(Now), Now);
            if (await matches.Append(version, [.. matches.EventsOf(said, metadata.Actor), explained], metadata) == 0)
                continue;
            await matching.Settle(metadata, CancellationToken.None);
            return null;
        }
    }

    /// <summary>Says that it will not be so; whoever proposed it may, too.</summary>
    /// <returns>Null when it is so.</returns>
    public async Task<Refusal?> Reject(
        string id, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        while (true)
        {
            var (state, version) = await matches.Load(null, cancellation);
            if (!state.Proposals.ContainsKey(id))
                return Refusal.Of(StatementRejection.StatementExplanationNotFound, id);
            var rejected = new StatementEvent.ExplanationRejected(id, reason, metadata.Actor, Now);
            if (await matches.Append(version, [rejected], metadata) > 0)
                return null;
        }
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    private static bool IsSame(
        StatementEvent.ExplanationProposed one, IReadOnlyList<string> lines, IReadOnlyList<string> to, Account @as,
        string reason, EventMetadata metadata) =>
        one.Lines.SequenceEqual(lines) && one.To.SequenceEqual(to)
        && (one.As, one.Reason, one.By) == (@as, reason, metadata.Actor);

    private async Task<(OpenMoney? Found, Refusal? Refusal)> Find(
        string account, IReadOnlyList<string> lines, IReadOnlyList<string> to, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var (found, refusal) = await OpenMoney.Find(
            statements, account, lines, to, BusinessDay.Of(Now), cancellation);

        // A fee and its reversal come to nothing together, and are something all the same.
        return found is { BeyondMinor: 0 } and ({ To.Count: > 0 } or { Lines.Count: 1 })
            ? (null, Refusal.Of(
                StatementRejection.StatementNothingToExplain, $"{account} {string.Join(' ', lines)}: confirm it."))
            : (found, refusal);
    }
}
