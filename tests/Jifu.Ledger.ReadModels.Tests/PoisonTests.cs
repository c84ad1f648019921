using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Upkeep;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>An event that a projection cannot apply: who stops, who goes on, and how it ends. F16 and F36.</summary>
public class PoisonTests
{
    private static readonly BusinessDay Friday = Company.Friday;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_projection_that_throws_stops_there_and_the_others_go_on_until_a_person_leaves_the_event_out()
    {
        await using var company = await Company.Found();
        var alarms = new Alarms();
        var projector = company.ProjectorOf([.. Projections.All, new Fussy("2")], LedgerEvents.Codec, alarms);
        using var stop = new CancellationTokenSource();
        await AddFussyTable(company);
        var running = projector.Run(stop.Token);
        await company.Pay("m1", "1", 1_00, Friday);
        await company.Pay("m1", "2", 2_00, Friday);
        await company.Pay("m1", "3", 3_00, Friday);

        var head = await company.Log.Head(default);
        await Until(() => projector.Status.All(
            one => one.Name == "fussy" ? one.Fault is not null : one.Position == head));
        var fault = projector.Status.Single(status => status.Name == "fussy").Fault.ShouldNotBeNull();
        (fault.Type, fault.Reason).ShouldBe(("payment.created", "I do not like order 2."));
        alarms.Critical.ShouldBe([$"Projection fussy has stopped at position {fault.Position}"]);
        projector.Status.Where(one => one.Stopped is null).ShouldAllBe(one => one.Position == head);

        await company.Skip("fussy", fault.Position);
        await Until(() => projector.Status.All(one => one is { Stopped: null, Lag: 0 }));
        (await Orders(company)).ShouldBe(["1", "3"]);

        // A rebuild and a check leave out the same event, and nothing else.
        var rebuilt = await company.Rebuild.Run([new Fussy("2")], new Progress<(long, long)>(), default);
        rebuilt.Tables.Single().ShouldSatisfyAllConditions(t => t.Rows.ShouldBe(2), t => t.Identical.ShouldBeTrue());
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task An_older_program_parks_at_a_type_it_does_not_know_and_goes_on_when_a_newer_one_has_passed_it()
    {
        await using var company = await Company.Found();
        var older = company.ProjectorOf(Projections.All, Older, new Alarms());
        using var stop = new CancellationTokenSource();
        var running = older.Run(stop.Token);
        await company.Register("m1");
        await Until(() => older.Status.All(one => one.Stopped is not null));
        older.Status.ShouldAllBe(one => one.Position == -1 && one.Fault!.Type == "merchant.registered");

        // The newer program's own projections read it; the older goes on from where they are.
        await company.CatchUp();
        await Until(() => older.Status.All(one => one.Stopped is null));
        await company.Pay("m1", "1", 1_00, Friday);
        await older.WaitForHead(default).WaitAsync(Patience);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task A_projection_that_was_taken_past_an_event_goes_on_without_looking_for_that()
    {
        await using var company = await Company.Found();
        await AddFussyTable(company);
        var projector = new Projector(
            company.Log, LedgerEvents.Codec, company.Source, [new Fussy("2")], new NeverLooks(), new Alarms());
        using var stop = new CancellationTokenSource();
        var running = projector.Run(stop.Token);
        await company.Pay("m1", "1", 1_00, Friday);
        await company.Pay("m1", "2", 2_00, Friday);
        await company.Pay("m1", "3", 3_00, Friday);
        await Until(() => projector.Status.Single().Fault is not null);
        var position = projector.Status.Single().Fault!.Position;
        (await projector.Pass("fussy", position, Decided, default)).ShouldBeTrue();
        await Until(() => projector.Status.Single() is { Stopped: null, Lag: 0 });
        (await Orders(company)).ShouldBe(["1", "3"]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        async Task<bool> Decided()
        {
            await company.Skip("fussy", position);
            return true;
        }
    }

    // A store of others may answer anything.
    [Fact]
    public async Task A_log_that_does_not_read_is_looked_at_again_with_an_alarm()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 1_00, Friday);
        var alarms = new Alarms();
        var log = new OddLog(company.Log, new InvalidOperationException("It was truncated."));
        var projector = new Projector(
            log, LedgerEvents.Codec, company.Source, Projections.All, TimeProvider.System, alarms);
        using var stop = new CancellationTokenSource();
        var running = projector.Run(stop.Token);
        await projector.WaitForHead(default).WaitAsync(Patience);
        alarms.Critical.ShouldBe(["No projection goes on: the log cannot be read as it is"]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    // All that the ledger stores but merchants.
    private static readonly EventCodec Older = new(
        ("payment", typeof(PaymentEvent)), ("projection", typeof(ProjectionEvent)));

    private static async Task Until(Func<bool> met)
    {
        for (var waited = 0; !met(); waited += 20)
        {
            waited.ShouldBeLessThan((int)Patience.TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task AddFussyTable(Company company)
    {
        await using var create = company.Owner.CreateCommand(
            "CREATE TABLE views.fussy (order_no text PRIMARY KEY)");
        await create.ExecuteNonQueryAsync();
    }

    private static async Task<IReadOnlyList<string>> Orders(Company company)
    {
        await using var command = company.Source.CreateCommand("SELECT order_no FROM views.fussy ORDER BY 1");
        await using var rows = await command.ExecuteReaderAsync();
        var orders = new List<string>();
        while (await rows.ReadAsync())
            orders.Add(rows.GetString(0));
        return orders;
    }

    /// <summary>A projection that cannot stand one order.</summary>
    private sealed class Fussy(string disliked) : IProjection
    {
        public string Name => "fussy";

        public IReadOnlyList<string> Tables => ["fussy"];

        public IReadOnlyList<string> SearchedBy => [];

        public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
        {
            var orders = page.Select(recorded => recorded.Event).OfType<PaymentEvent.Created>()
                .Select(created => created.Order.MerchantOrderNo).ToArray();
            return orders.Contains(disliked)
                ? throw new KeyNotFoundException($"I do not like order {disliked}.")
                : [new("INSERT INTO fussy SELECT unnest(@orders)", orders.Length, ("orders", orders))];
        }
    }

    /// <summary>A log of which the first page does not read.</summary>
    private sealed class OddLog(IEventLog log, Exception odd) : IEventLog
    {
        private int _reads;

        public Task<IReadOnlyList<RecordedEvent>> ReadAll(
            long afterPosition, int countMax, CancellationToken cancellation) => Interlocked.Increment(ref _reads) == 1
            ? Task.FromException<IReadOnlyList<RecordedEvent>>(odd)
            : log.ReadAll(afterPosition, countMax, cancellation);

        public Task<IReadOnlyList<RecordedEvent>> ReadStream(
            StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
            log.ReadStream(stream, afterVersion, countMax, cancellation);

        public Task<long> Head(CancellationToken cancellation) => log.Head(cancellation);

        public Task WaitPast(long position, CancellationToken cancellation) => log.WaitPast(position, cancellation);

        public Task<AppendResult> Append(
            StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
            CancellationToken cancellation) =>
            log.Append(stream, expectedVersion, events, metadata, cancellation);
    }

    /// <summary>A clock that never tells that it is time to look again.</summary>
    private sealed class NeverLooks : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            callback, state, dueTime.TotalMilliseconds == 250 ? Timeout.InfiniteTimeSpan : dueTime, period);
    }

    private sealed class Alarms : ILogger<Projector>
    {
        public List<string> Critical { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Critical)
                Critical.Add(formatter(state, exception));
        }
    }
}
