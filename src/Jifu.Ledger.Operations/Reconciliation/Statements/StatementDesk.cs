using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation.Funds;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Takes statements of our bank accounts: how they are read is shown first and saved by somebody; each line
/// is imported once, however many statements have it.</summary>
/// <remarks>A file that cannot be read imports nothing. A run that was killed goes on when the same file comes
/// again.</remarks>
public sealed class StatementDesk(
    IEventLog log, EventCodec codec, IdSource ids, BillArchive archive, BankMatching matching, TimeProvider time)
{
    private const int LinesShown = 10;

    internal static StreamName StreamOf(string account) => new("statement", account);

    public async Task<AccountStatements> Load(string account, CancellationToken cancellation) =>
        (await History(account, cancellation)).State;

    /// <summary>Saves how an account's statements are read.</summary>
    /// <returns>Null when it is saved, or was the same before.</returns>
    public async Task<Refusal?> Save(
        string account, StatementMapping mapping, EventMetadata metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        if (mapping.FindFlaw() is { } flaw)
            return Refusal.Of(StatementRejection.StatementMappingInvalid, $"{account}: {flaw}.");
        while (true)
        {
            var (state, version) = await History(account, cancellation);
            if (state.Mapping == mapping)
                return null;
            if (state.Mapping is { } old && !state.Lines.IsEmpty && !old.TellsApartLike(mapping))
                return Refusal.Of(
                    StatementRejection.StatementMappingInUse,
                    $"{account} has lines that are told apart by time, balance and reference as they were mapped.");
            await Append(account, version, [new StatementEvent.MappingSaved(account, mapping, Now)], metadata);
        }
    }

    /// <summary>Shows how a file would be read: by the mapping given, else the saved one, else a guess.</summary>
    /// <exception cref="StatementRejectedException">It cannot be read so.</exception>
    public async Task<StatementPreview> Preview(
        string account, ChannelBillFile file, StatementMapping? mapping, CancellationToken cancellation)
    {
        var saved = (await History(account, cancellation)).State.Mapping;
        var used = mapping ?? saved ?? MappingGuess.Of(file);
        var lines = StatementReader.Read(account, file, used);
        return new(used, used == saved, [.. lines.Take(LinesShown)], lines.Count, BreakOf(lines));
    }

    /// <summary>Imports a statement by the account's saved mapping, and looks what its lines are.</summary>
    /// <exception cref="StatementRejectedException">It cannot be read so.</exception>
    public async Task<StatementReport> Import(
        string account, ChannelBillFile file, EventMetadata metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        var sha256 = BillArchive.Sha256Of(file.Content);
        for (var isFirst = true; ; isFirst = false)
        {
            var (state, version) = await History(account, cancellation);
            if (state.Imports.GetValueOrDefault(sha256) is { } done)
                return new(null, done, isFirst, await matching.Run(metadata, cancellation));
            if (state.Mapping is not { } mapping)
                return new(
                    Refusal.Of(StatementRejection.StatementMappingMissing, $"{account} has no saved mapping."), null,
                    false, 0);
            var lines = StatementReader.Read(account, file, mapping);
            if (lines.Count == 0)
                throw new StatementRejectedException(
                    StatementRejection.StatementEmpty, file.FileName, "", "expected a line below the headings");
            await archive.KeepStatement(account, file, metadata.Actor, cancellation);
            await Append(account, version, News(account, file.FileName, sha256, lines, state), metadata);
        }
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    private List<StatementEvent> News(
        string account, string fileName, string sha256, IReadOnlyList<StatementLine> lines, AccountStatements state)
    {
        var news = lines.Where(line => !state.Lines.ContainsKey(line.Id)).ToList();

        // A killed run has told some of them already.
        var told = state.Lines.Values.Count(line => line.Sha256 == sha256);
        return
        [
            .. news.Select(line => new StatementEvent.LineRead(
                account, line.Id, line.At, line.Amount, line.Reference, line.Counterparty, line.Note, sha256,
                line.LineNo, line.Balance)),
            new StatementEvent.Imported(
                account, fileName, sha256, lines.Count, told + news.Count, lines.Min(line => line.Day),
                lines.Max(line => line.Day), BreakOf(lines), Now),
        ];
    }

    // Banks list the newest first or last, and many tell no time.
    private static string BreakOf(IReadOnlyList<StatementLine> lines)
    {
        var steps = lines.Where(line => line.Balance is not null)
            .Select(line => new BalanceStep(line.At, line.Amount, line.Balance!.Value, line.LineNo));
        return BalanceChain.Of(steps, null).Break is { } found
            ? $"line {found.LineNo}: the balance should be {found.Expected}, and is {found.Found}"
            : "";
    }

    private Task<(long Version, int Told)> Append(
        string account, long version, IEnumerable<StatementEvent> events, EventMetadata metadata) =>
        log.AppendInPieces(codec, ids, StreamOf(account), version, events, metadata, CancellationToken.None);

    private async Task<(AccountStatements State, long Version)> History(
        string account, CancellationToken cancellation)
    {
        var history = await log.Load<StatementEvent>(codec, StreamOf(account), cancellation);
        return (history.Events.Aggregate(AccountStatements.Initial, AccountStatements.Evolve), history.Version);
    }
}
