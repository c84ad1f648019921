using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>The bank's side of a second server on a house's database: a log, a projector and a matcher of its
/// own.</summary>
internal sealed class OtherServer : IAsyncDisposable
{
    private readonly PostgreSqlEventLog _log;
    private readonly NpgsqlDataSource _source;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _projecting;

    /// <param name="before">Called before each append of its matcher.</param>
    public OtherServer(House house, Func<StreamName, Task>? before = null)
    {
        var (codec, ids) = (LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System));
        _log = house.OtherProcess();
        _source = NpgsqlDataSource.Create(house.Connection);
        Projector projector = new(
            _log, codec, _source, Projections.All, TimeProvider.System, NullLogger<Projector>.Instance);
        var views = new ViewDatabase(_source);
        var log = new GatedLog(_log, before ?? (_ => Task.CompletedTask));
        DayStreams days = new(log, codec, ids);
        Advances = new(log, codec, ids, days, new(views), projector, house.Clock);
        Bank = new(
            log, codec, ids, projector, new(views),
            new(
                days, new(log, codec, ids), new(views), new(views), Advances, new(views), house.Clock),
            House.EachIsOne, house.Clock);
        _projecting = projector.Run(_stop.Token);
    }

    public BankMatching Bank { get; }
    public AdvanceRepayment Advances { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(_projecting);
        _stop.Dispose();
        await _source.DisposeAsync();
        await _log.DisposeAsync();
    }
}

/// <summary>A log at whose door somebody may come first.</summary>
/// <param name="before">Called before each append.</param>
internal sealed class GatedLog(IEventLog log, Func<StreamName, Task> before) : IEventLog
{
    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        log.ReadStream(stream, afterVersion, countMax, cancellation);

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        log.ReadAll(afterPosition, countMax, cancellation);

    public Task<long> Head(CancellationToken cancellation) => log.Head(cancellation);

    public Task WaitPast(long position, CancellationToken cancellation) => log.WaitPast(position, cancellation);

    public async Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation)
    {
        await before(stream);
        return await log.Append(stream, expectedVersion, events, metadata, cancellation);
    }
}
