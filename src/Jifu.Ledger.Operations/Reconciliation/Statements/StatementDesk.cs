using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation.Funds;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Takes statements of our bank accounts: how they are read is shown first and saved by somebody; each line
/// is imported once, however many statements have it.</summary>
/// <remarks>A file that cannot be read imports nothing. What a killed run has begun is brought by the next file that
/// has it, the same one or another.</remarks>
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
            var saved = state.Lines.IsEmpty
                ? mapping
                : mapping with { FirstDay = mapping.FirstDay ?? state.Mapping?.FirstDay };
            if (state.Mapping == saved)
                return null;
            if (state.Mapping is { } old && InUse(account, state, old, saved) is { } refusal)
                return refusal;
            await Append(account, version, [new StatementEvent.MappingSaved(account, saved, Now)], metadata);
        }
    }

    /// <summary>Shows how a file would be read: by the mapping given, else the saved one where it fits, else a
    /// guess.</summary>
    /// <exception cref="StatementRejectedException">It cannot be read so.</exception>
    public async Task<StatementPreview> Preview(
        string account, ChannelBillFile file, StatementMapping? mapping, CancellationToken cancellation)
    {
        var saved = (await History(account, cancellation)).State.Mapping;
        if (mapping is not null || saved is null)
            return mapping is null ? Guessed("") : By(mapping, "");
        try
        {
            return By(saved, "");
        }
        catch (StatementRejectedException other) when (other.Code is
            StatementRejection.StatementHeadingsMissing or StatementRejection.StatementSheetMissing)
        {
            return Guessed(other.Message);
        }

        StatementPreview By(StatementMapping used, string misfit)
        {
            var lines = StatementReader.Read(account, file, used);
            return new(used, used == saved, [.. lines.Take(LinesShown)], lines.Count, BreakOf(lines), misfit);
        }

        // A guess that does not read the file is still the best to begin with: somebody changes it.
        StatementPreview Guessed(string misfit)
        {
            var guess = MappingGuess.Of(file) with { FirstDay = saved?.FirstDay };
            try
            {
                return By(guess, misfit);
            }
            catch (StatementRejectedException e)
            {
                return new(guess, false, [], 0, "", misfit, e.Message);
            }
        }
    }

    /// <summary>Imports a statement by the account's saved mapping, and looks what its lines are.</summary>
    /// <exception cref="StatementRejectedException">It cannot be read so.</exception>
    public async Task<StatementReport> Import(
        string account, ChannelBillFile file, EventMetadata metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        var sha256 = BillArchive.Sha256Of(file.Content);
        bool? wasThere = null;
        while (true)
        {
            var (state, version) = await History(account, cancellation);
            var done = state.Imports.GetValueOrDefault(sha256);
            wasThere ??= done is not null;
            if (done is not null && !state.LeftBetween(done.From, done.To).Any())
                return await Done(state, done, wasThere.Value);
            if (state.Mapping is not { } mapping)
                return new(
                    Refusal.Of(StatementRejection.StatementMappingMissing, $"{account} has no saved mapping."), null,
                    false, 0, []);
            var lines = Read(account, file, mapping);
            if (lines.Count == 0)
                throw new StatementRejectedException(
                    StatementRejection.StatementEmpty, file.FileName, "", "expected a line below the headings");
            var news = News(account, file.FileName, sha256, lines, state);
            if (done is not null && news.Count == 0)
                return await Done(state, done, wasThere.Value);
            await archive.KeepStatement(account, file, metadata.Actor, cancellation);
            await Append(account, version, news, metadata);
        }

        async Task<StatementReport> Done(AccountStatements state, StatementEvent.Imported done, bool wasThere) => new(
            null, done, wasThere, await matching.Run(metadata, cancellation),
            [.. StatementGap.Of(state, done.From, done.To)]);
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    // Lines that are read by other columns are other lines, so none of them may be of a day that has lines already.
    private static Refusal? InUse(
        string account, AccountStatements state, StatementMapping old, StatementMapping mapping)
    {
        if (state.Lines.IsEmpty || (old.TellsApartLike(mapping) && old.FirstDay == mapping.FirstDay))
            return null;
        if (state.Lines.Values.FirstOrDefault(state.IsLeft) is { } left)
            return Refusal.Of(
                StatementRejection.StatementMappingInUse,
                $"A statement of {account} with lines of {BusinessDay.Of(left.BookedAt)} was not read to its end: "
                    + "bring it again first, as it was.");
        var last = BusinessDay.Of(state.Lines.Values.Max(line => line.BookedAt));
        return BusinessDay.TryParse(mapping.FirstDay, out var first) && first > last
            ? null
            : Refusal.Of(
                StatementRejection.StatementMappingInUse,
                $"{account} has lines up to {last}, told apart by the columns of their mapping: give a first_day after "
                    + "that, from which on this one is used.");
    }

    // A statement that reaches back would bring lines again that were told apart by other columns.
    private static IReadOnlyList<StatementLine> Read(string account, ChannelBillFile file, StatementMapping mapping)
    {
        var lines = StatementReader.Read(account, file, mapping);
        return BusinessDay.TryParse(mapping.FirstDay, out var first)
            && lines.FirstOrDefault(line => line.Day < first) is { } early
                ? throw new StatementRejectedException(
                    StatementRejection.StatementBeforeFirstDay, file.FileName, $"line {early.LineNo}",
                    $"expected lines of {first} or later, from which on the account is read by this mapping, not of "
                    + $"{early.Day}")
                : lines;
    }

    // A file that was read whole before has nothing new, but lines that an older program passed over, because an
    // import of another file had begun with them and was killed.
    private List<StatementEvent> News(
        string account, string fileName, string sha256, IReadOnlyList<StatementLine> lines, AccountStatements state)
    {
        var isThere = state.Imports.ContainsKey(sha256);
        var brought = lines.Where(line => state.Lines.GetValueOrDefault(line.Id) is { } known
            ? known.Sha256 != sha256 && state.IsLeft(known)
            : !isThere).ToList();
        var read = brought.Select(line => new StatementEvent.LineRead(
            account, line.Id, line.At, line.Amount, line.Reference, line.Counterparty, line.Note, sha256, line.LineNo,
            line.Balance));
        if (isThere)
            return [.. read];

        // A killed run has told some of them already.
        var told = state.Lines.Values.Count(line => line.Sha256 == sha256);
        return
        [
            .. read,
            new StatementEvent.Imported(
                account, fileName, sha256, lines.Count, told + brought.Count, lines.Min(line => line.Day),
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
