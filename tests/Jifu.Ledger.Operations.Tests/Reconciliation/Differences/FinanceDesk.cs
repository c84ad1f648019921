using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

/// <summary>Two people of finance, Mei and Bo, at work on the differences of a small house whose channel's bills a test
/// writes. Friday has two payments of ours, A1 of 10 and A2 of 20 yuan; it is Saturday noon.</summary>
internal sealed class FinanceDesk(House house) : IAsyncDisposable
{
    private const string Number = "1900000109";

    public static readonly BusinessDay Friday = House.Friday;
    public static readonly EventMetadata Mei = new("key:mei", "test");
    public static readonly EventMetadata Bo = new("key:bo", "test");

    public House House => house;

    public DifferenceQueries Queries { get; } = new(house.Views);

    public static async Task<FinanceDesk> Open() => new(await House.Traded());

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public async Task Import(BusinessDay day, string? reason, params TradeBillRow[] rows)
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows);
        var report = await house.Reconciliation.Import(
            Channel.Sandbox, day, new($"{day}-{reason}.csv", file.ToArray()), reason, House.By, default);
        report.Refusal.ShouldBeNull();
    }

    /// <summary>The difference of an order, on a day's bill.</summary>
    public async Task<DifferenceLifeRow> Of(string orderNo, BusinessDay? day = null)
    {
        await house.CatchUp();
        return (await Queries.List(new(Status: null, Day: day), default))
            .Single(row => row.Key.Contains(NumberOf(orderNo), StringComparison.Ordinal));
    }

    public async Task<IReadOnlyList<DifferenceLifeRow>> Live()
    {
        await house.CatchUp();
        return await Queries.List(new("live"), default);
    }

    public async Task<string?> Propose(DifferenceLifeRow row, Remedy remedy, int? version = null) =>
        (await house.Differences.Propose(new(row.DifferenceId), remedy, "looked into it", new(version), Mei, default))
        .Refusal?.Code;

    public async Task<string?> Approve(DifferenceLifeRow row, int proposal = 1) =>
        (await house.Differences.Approve(new(row.DifferenceId), proposal, Bo, default)).Refusal?.Code;

    /// <summary>The run after a comparison, by itself.</summary>
    public Task<int> Sweep() => new DifferenceSweep(
        new(house.Desk, house.Funds), new(house.Views), new(house.Views), house.Projector, house.Clock)
        .Run(Channel.Sandbox, Mei, default);

    public async Task Close(DifferenceLifeRow row, Remedy remedy)
    {
        (await Propose(row, remedy)).ShouldBeNull();
        (await Approve(row)).ShouldBeNull();
    }

    /// <summary>Credits are positive here, as an excess is; debits and credits level each other everywhere.</summary>
    public async Task<long> Balance(Account account)
    {
        await house.CatchUp();
        var all = await new DayQueries(house.Views).Accounts(BusinessDay.Of(house.Clock.Now), default);
        all.Sum(one => one.ClosingMinor).ShouldBe(0);
        return -all.Where(one => one.Account == $"{account}").Sum(one => one.ClosingMinor);
    }

    /// <summary>What is in suspense, which is what is left of all differences.</summary>
    public async Task<long> Suspense()
    {
        var suspense = await Balance(Account.Suspense(Channel.Sandbox));
        (await Queries.List(new(Status: null), default)).Sum(row => row.LeftMinor).ShouldBe(suspense);
        (await Queries.OpenAsOf(BusinessDay.Of(house.Clock.Now), default)).Sum(row => row.LeftMinor)
            .ShouldBe(suspense);
        return suspense;
    }

    public static TradeBillRow Paid(string orderNo, long fen, BusinessDay? day = null) => new()
    {
        TradeTime = (day ?? Friday).Start.AddHours(12), AppId = "wx", MerchantNumber = Number,
        TransactionId = $"4200{orderNo}", OutTradeNo = NumberOf(orderNo), TradeType = "NATIVE",
        TradeState = TradeState.Success, SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY),
        FeeHundredThousandths = new Money(fen, Currency.CNY).RoundedHalfEven(3800, 1_000_000).MinorUnits * 1000,
    };

    /// <summary>A refund of all of an order, with the fee that the channel gives back.</summary>
    public static TradeBillRow Refunded(string orderNo, string refundNo, long fen, BusinessDay day)
    {
        var paid = Paid(orderNo, fen, day);
        return paid with
        {
            TradeState = TradeState.Refund, SettledAmount = new(0, Currency.CNY), OrderAmount = new(0, Currency.CNY),
            RefundId = $"50{refundNo}", OutRefundNo = refundNo, RefundAmount = new(fen, Currency.CNY),
            RequestedRefundAmount = new(fen, Currency.CNY), RefundType = "ORIGINAL", RefundState = "SUCCESS",
            FeeHundredThousandths = -paid.FeeHundredThousandths,
        };
    }

    /// <summary>Orders that no merchant of ours has made keep their number; ours have the id made of it.</summary>
    public static string NumberOf(string orderNo) =>
        orderNo.StartsWith('A') ? $"{PaymentId.Of(new("m1"), orderNo)}" : orderNo;
}
