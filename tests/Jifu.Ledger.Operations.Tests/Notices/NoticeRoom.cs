using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Operations.Notices;
using Jifu.Ledger.Payments;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Notices;

/// <summary>A log, a follower, a sender and a merchant's server, all by one virtual clock.</summary>
internal sealed class NoticeRoom : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);
    public static readonly byte[] Secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private static readonly BusinessDay Day = BusinessDay.Of(Start);
    private readonly TestDatabase _database;
    private readonly PostgreSqlEventLog _log;
    private readonly NpgsqlDataSource _source;

    private NoticeRoom(TestDatabase database, MerchantServer merchant, bool allowPrivate)
    {
        (_database, Merchant) = (database, merchant);
        _source = NpgsqlDataSource.Create(database.AppConnection);
        _log = new(database.AppConnection, Clock);
        Desk = new(_log, LedgerEvents.Codec, new Counted());
        Follower = NewFollower();
        Notices = new(_source);
        Sender = new(
            _source, new(allowPrivate), (id, _) => Task.FromResult(id.Value == "m-none" ? null : Secret),
            () => Jitter, Clock, NullLogger<NoticeSender>.Instance);
    }

    public VirtualClock Clock { get; } = new(Start);
    public MerchantServer Merchant { get; }
    public CommandDesk Desk { get; }
    public NoticeFollower Follower { get; }
    public NoticeSender Sender { get; }
    public NoticeDesk Notices { get; }
    public double Jitter { get; set; }

    public static async Task<NoticeRoom> Open(bool allowPrivate = true)
    {
        var notices = new SchemaModule(
            "notices", typeof(NoticeFollower).Assembly, "Jifu.Ledger.Operations.Notices.Schema.");
        return new(
            await TestDatabase.Create(SchemaModule.EventLog, notices), await MerchantServer.Start(), allowPrivate);
    }

    /// <summary>As another process would be: it remembers nothing.</summary>
    public NoticeFollower NewFollower() => new(
        _log, _source, Clock, NullLogger<NoticeFollower>.Instance);

    /// <summary>The last event that the follower has passed.</summary>
    public async Task<long> Passed()
    {
        await using var command = _source.CreateCommand("SELECT position FROM notices.checkpoint");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task<PaymentId> Ordered(string orderNo, string? url, string merchant = "m-1")
    {
        var amount = new Money(10_000, Currency.CNY);
        var order = new PaymentOrder(
            new(merchant), orderNo, amount, Channel.Sandbox, PaymentProduct.Native, "tea", null, null, url, []);
        var quote = FeeQuote.For(
            amount, new(6_000), FeeOnRefund.Returned, new(Channel.Sandbox, new(2_000), FeeOnRefund.Returned));
        var id = PaymentId.Of(order.Merchant, orderNo);
        await Command(id, new PaymentCommand.Create(order, new(quote, [], Day), new(true, []), Clock.GetUtcNow()));
        return id;
    }

    public async Task<PaymentId> Paid(string orderNo, string? url, string merchant = "m-1")
    {
        var id = await Ordered(orderNo, url, merchant);
        var now = Clock.GetUtcNow();
        await Command(id, new PaymentCommand.Succeed($"ch-{orderNo}", new(10_000, Currency.CNY), now, Day, now));
        return id;
    }

    public async Task Refund(PaymentId id, string no, string? url, bool succeeds)
    {
        var (amount, now) = (new Money(1_000, Currency.CNY), Clock.GetUtcNow());
        await Command(id, new PaymentCommand.RequestRefund(new(no), amount, "too cold", url, Day, now));
        await Command(id, succeeds
            ? new PaymentCommand.ConfirmRefund(new(no), $"cr-{no}", amount, now, Day, now)
            : new PaymentCommand.FailRefund(new(no), "ACCOUNT_CLOSED", "账户已注销", Day, now));
    }

    public async Task Cancel(PaymentId id)
    {
        var now = Clock.GetUtcNow();
        await Command(id, new PaymentCommand.RequestCancel("wrong table", Day, now));
        await Command(id, new PaymentCommand.ConfirmCancel("cc-1", Day, now));
    }

    /// <summary>Writes the next event of a stream, past all rules.</summary>
    /// <returns>Its position.</returns>
    public async Task<long> Append(StreamName stream, EventToAppend @event)
    {
        var there = await _log.ReadStream(stream, -1, 1000, CancellationToken.None);
        return (await _log.Append(
            stream, there.Count - 1, [@event], new("test", "test"), CancellationToken.None)).Position;
    }

    public async Task Command(PaymentId id, PaymentCommand command)
    {
        var handled = await Desk.Handle(
            Aggregates.Payments, id.Value, command, new("test", "test"), CancellationToken.None);
        handled.Rejection.ShouldBeNull();
    }

    /// <summary>Makes what notices there are to make, and sends what is due.</summary>
    public async Task<int> Work()
    {
        await Follower.CatchUp(CancellationToken.None);
        return await Sender.SendDue(CancellationToken.None);
    }

    /// <summary>The only notice of a payment.</summary>
    public async Task<NoticeRow> NoticeOf(PaymentId id) =>
        (await Notices.OfPayment(id, CancellationToken.None)).ShouldHaveSingleItem();

    public async ValueTask DisposeAsync()
    {
        Sender.Dispose();
        await Merchant.DisposeAsync();
        await _log.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    private sealed class Counted : IdSource
    {
        private int _count;

        public override Guid Next() => new(Interlocked.Increment(ref _count), 0, 0, new byte[8]);
    }
}
