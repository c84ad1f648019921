using System.Text;
using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests;

/// <summary>What a command costs does not grow with its stream, and depends on nothing that is kept for it.</summary>
public class LongStreamTests
{
    private const int Events = 100_000;

    private static readonly EventMetadata By = new("test", "test");
    private static readonly DateTimeOffset At = House.Friday.Start.AddHours(12);
    private static readonly MerchantId One = new("m1");
    private static readonly Money Fen = new(1, Currency.CNY);

    private static readonly FundsFacts Rich = FundsFacts.None(Currency.CNY) with
    {
        Free = new(1 << 30, Currency.CNY),
        Available = new(1 << 30, Currency.CNY),
    };

    [Fact]
    public async Task A_stream_of_a_hundred_thousand_events_costs_a_new_process_no_more_than_two_pages()
    {
        await using var room = await Room.Open(Events);

        // The first process ever to meet the stream reads it all, once, and keeps what it came to.
        (await Give(room.Desk(), Events)).Rejection.ShouldBeNull();
        room.Log.Read.ShouldBeGreaterThanOrEqualTo(Events);
        await room.Kept();

        // Another one reads what came after; and it knows what the first knew.
        room.Log.Read = 0;
        var next = room.Desk();
        (await Give(next, 7)).Events.ShouldBeEmpty();
        (await Give(next, Events + 1)).Events.Count.ShouldBe(1);
        room.Log.Read.ShouldBeLessThan(2500);
    }

    [Theory]
    [InlineData("DELETE FROM views.snapshot")]
    [InlineData("UPDATE views.snapshot SET event_id = gen_random_uuid()")]
    [InlineData("UPDATE views.snapshot SET program = gen_random_uuid()")]
    [InlineData("UPDATE views.snapshot SET state = 'nonsense'")]
    public async Task Without_what_was_kept_or_with_another_programs_the_same_comes_out(string spoil)
    {
        const int events = 4_000;
        await using var room = await Room.Open(events);
        await Give(room.Desk(), events);
        await room.Kept();
        var kept = await room.Desk().Load(Aggregates.Funds, One.Value, default);

        await room.Execute(spoil);
        room.Log.Read = 0;
        var read = await room.Desk().Load(Aggregates.Funds, One.Value, default);
        room.Log.Read.ShouldBeGreaterThan(events);
        Told(read).ShouldBe(Told(kept));
    }

    [Fact]
    public async Task Every_state_that_is_kept_reads_back_the_same()
    {
        await using var house = await House.Open();
        await house.Register("m1", Jifu.Ledger.Settlement.SettlementTerm.T1);
        var paid = await house.Pay("m1", "1", 100_00);
        await house.Refunds.Refund(paid, new("R-1"), new(10_00, Currency.CNY), "cold", null, House.By, default);
        await house.Payments.MakeSplit(
            paid, new("S-1"), [new(new("agent"), Splits.SplitBasis.Amount, 5_00)], House.By, default);
        object[] states =
        [
            await house.Desk.Load(Aggregates.Payments, paid.Value, default),
            await house.Desk.Load(Aggregates.Merchants, "m1", default),
            await house.Desk.Load(Aggregates.Funds, "m1", default),
        ];
        foreach (var state in states)
            Told(JsonSerializer.Deserialize(Told(state), state.GetType(), EventJson.Options)!).ShouldBe(Told(state));
    }

    private static Task<Handled<MerchantFunds, FundsEvent, FundsRejection>> Give(CommandDesk desk, int no) =>
        desk.Handle(
            Aggregates.Funds, One.Value,
            new FundsCommand.Transfer(
                new($"T-{no}"), One, Account.FeeIncome, Fen, "rent", Rich, House.Friday, At),
            By, default);

    private static string Told(object state) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(state, state.GetType(), EventJson.Options));

    /// <summary>A log with one long stream, and the shelf beside it.</summary>
    private sealed class Room(TestDatabase database, PostgreSqlEventLog real) : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(database.AppConnection);

        public CountedLog Log { get; } = new(real);

        public static async Task<Room> Open(int events)
        {
            const int chunk = 1000;
            var database = await TestDatabase.Create(
                SchemaModule.EventLog, new("views", typeof(Projections).Assembly, "Jifu.Ledger.ReadModels.Schema."));
            var log = new PostgreSqlEventLog(database.AppConnection, TimeProvider.System);
            for (var i = 0; i < events; i += chunk)
            {
                var page = Enumerable.Range(i, chunk).Select(n => LedgerEvents.Codec.Encode(
                    Guid.Parse(FormattableString.Invariant($"00000000-0000-0000-0000-{n:D12}")),
                    new FundsEvent.Transferred(
                        new($"T-{n}"), One, Account.FeeIncome, Fen, "rent", House.Friday, At))).ToList();
                (await log.Append(new("funds", One.Value), i - 1, page, By, default)).Outcome
                    .ShouldBe(AppendOutcome.Appended);
            }

            return new(database, log);
        }

        /// <summary>As a new process has it.</summary>
        public CommandDesk Desk() => new(
            Log, LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System),
            new(_source, TimeProvider.System, NullLogger<SnapshotShelf>.Instance));

        /// <summary>Completes when the snapshot is written, which nobody waits for.</summary>
        public async Task Kept()
        {
            for (var i = 0; i < 500 && await Execute("UPDATE views.snapshot SET version = version") == 0; i++)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        public async Task<int> Execute(string sql)
        {
#pragma warning disable CA2100 // Texts of the tests above.
            await using var command = _source.CreateCommand(sql);
#pragma warning restore CA2100
            return await command.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _source.DisposeAsync();
            await real.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
