using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.Operations.Tests;

/// <summary>Many commands to one stream at the same time: each with its own answer, all in few appends.</summary>
#pragma warning disable CA1001 // DisposeAsync of xunit's interface disposes of it.
public sealed class BusyStreamTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;
    private PostgreSqlEventLog _log = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _log = new(_database.AppConnection, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _log.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Commands_that_wait_for_one_stream_share_an_append_and_each_has_its_own_answer()
    {
        var counted = new CountedLog(_log);
        var desk = Desk(counted);
        await Register(desk);
        counted.Appends = 0;

        // Every tenth is refused, and every repeat is quiet.
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Handle(
            desk, i % 10 == 9
                ? new MerchantCommand.RevokeKey($"k{i}", At)
                : new MerchantCommand.SetRiskLimits(new(i - (i % 3) + 1, null), At), $"request-{i}")));

        counted.Appends.ShouldBeLessThan(20);
        for (var i = 0; i < answers.Length; i++)
            answers[i].Rejection.ShouldBe(i % 10 == 9 ? MerchantRejection.KeyNotFound : null, $"{i}");
        var told = answers.SelectMany((answer, i) => answer.Events.Select(@event => ($"request-{i}", @event)));
        (await Stream()).Skip(3).Select(e => (e.Metadata.CorrelationId, e.Event))
            .ShouldBe(told, ignoreOrder: true);
    }

    [Fact]
    public async Task A_command_that_the_log_cannot_take_fails_alone()
    {
        var desk = Desk(_log);
        await Register(desk);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            try
            {
                var command = new MerchantCommand.SetRiskLimits(new(i + 1, null), At);
                await Handle(desk, command, i == 25 ? "half a character: \ud800" : $"request-{i}");
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }));

        answers.Select((fine, i) => (fine, i)).Where(answer => !answer.fine).Select(answer => answer.i).ShouldBe([25]);
        (await Stream()).Count.ShouldBe(3 + 49);
    }

    [Fact]
    public async Task Two_processes_with_many_callers_each_lose_nothing_and_repeat_nothing()
    {
        await using var other = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        CommandDesk[] desks = [Desk(_log), Desk(other)];
        await Register(desks[0]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Handle(
            desks[i % 2], new MerchantCommand.SetRiskLimits(new(i + 1, null), At), $"request-{i}")));

        answers.ShouldAllBe(answer => answer.Events.Count == 1);
        (await Stream()).Skip(3).Select(e => e.Event).ShouldBe(answers.SelectMany(a => a.Events), ignoreOrder: true);
    }

    private static CommandDesk Desk(IEventLog log) =>
        new(log, LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System));

    private static Task<Handled<Merchant, MerchantEvent, MerchantRejection>> Handle(
        CommandDesk desk, MerchantCommand command, string request) =>
        desk.Handle(Aggregates.Merchants, "m1", command, new("test", request), default);

    private static Task<Handled<Merchant, MerchantEvent, MerchantRejection>> Register(CommandDesk desk) => Handle(
        desk, new MerchantCommand.Register("m1", "account", FeePlan.None, SettlementTerm.T1, RiskLimits.None, [], At),
        "first");

    private async Task<List<Recorded<MerchantEvent>>> Stream() =>
        [.. (await _log.ReadStream(new("merchant", "m1"), -1, 1000, default))
            .Select(LedgerEvents.Codec.Decode<MerchantEvent>)];
}
