using Dapper;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>The channel's fund flows (资金账单): what moved in our account there on a day that is over. It says the same
/// as the trade bills, since it is made from what is fixed with them.</summary>
internal sealed class FundFlowBook(SandboxDatabase database, SandboxSettings settings, BillBook bills)
{
    private const long GapFen = 1_00;

    private sealed record SettledBill(DateTime Day, long Net, string BankReference, DateTime FixedAt);

    /// <summary>What the channel says of a day's fund flow before it is downloaded; null while there is none.</summary>
    /// <param name="url">Where it is downloaded.</param>
    public async Task<BillLink?> Describe(BusinessDay day, string url, CancellationToken cancellation)
    {
        if (await Find(day, cancellation) is not { } found)
            return null;
        var link = BillLink.To(found.Content, url);
        return found.Fault == FundFlowFault.HashWrong
            ? link with { HashValue = new('0', link.HashValue.Length) }
            : link;
    }

    /// <summary>The fund flow's bytes; null while there are none.</summary>
    public async Task<ChannelBillFile?> Fetch(BusinessDay day, CancellationToken cancellation) =>
        await Find(day, cancellation) is { } found
            ? new($"sandbox_{settings.MerchantNumber}_{day}_fund_flow.csv", found.Content)
            : null;

    /// <summary>Makes something wrong with a day's fund flow from now on, or makes it right again.</summary>
    public Task<FundFlowFault> Break(BusinessDay day, FundFlowFault fault, CancellationToken cancellation) =>
        database.Trade(
            async moment =>
            {
                await moment.Connection.ExecuteAsync(
                    """
                    INSERT INTO sandbox.fund_flow_fault (day, fault) VALUES (@Date, @name)
                    ON CONFLICT (day) DO UPDATE SET fault = @name
                    """,
                    new { day.Date, name = SnakeCase.Of($"{fault}") });
                return fault;
            },
            cancellation);

    private async Task<(byte[] Content, FundFlowFault Fault)?> Find(BusinessDay day, CancellationToken cancellation)
    {
        if (await bills.Fetch(day, cancellation) is null)
            return null;
        return await database.Trade<(byte[], FundFlowFault)?>(
            async moment => await Fault(moment, day) is var fault && fault == FundFlowFault.Missing
                ? null
                : (await Written(moment, day, fault), fault),
            cancellation);
    }

    private async Task<byte[]> Written(SandboxMoment moment, BusinessDay day, FundFlowFault fault)
    {
        var settled = (await moment.Connection.QueryAsync<SettledBill>(
            "SELECT day::timestamp, net, bank_reference AS BankReference, fixed_at AS FixedAt FROM sandbox.bill "
            + "WHERE net <> 0 ORDER BY fixed_at, day")).AsList();
        var sent = settled.Select(bill => new Withdrawal(
            bill.FixedAt, new(DateOnly.FromDateTime(bill.Day)), bill.BankReference, bill.Net)).ToList();
        var opening = sent.Where(one => one.Of < day).Sum(one => one.Amount)
            - sent.Where(one => one.At < day.Start).Sum(one => one.Amount);
        var movements = AccountMovements.Of(
            day, settings.MerchantNumber, await BillBook.Rows(moment, day),
            sent.Where(one => BusinessDay.Of(one.At) == day), opening).ToList();
        if (fault == FundFlowFault.BalanceGap)
            movements = [.. movements.Select((one, at) => at < movements.Count / 2 ? one : Shifted(one))];
        using var file = new MemoryStream();
        FundFlowWriter.Write(file, movements, $"{settings.MerchantNumber}API");
        return file.ToArray();
    }

    private static FundFlowLine Shifted(FundFlowLine movement) =>
        movement with { Balance = movement.Balance!.Value + new Money(GapFen, Currency.CNY) };

    private static async Task<FundFlowFault> Fault(SandboxMoment moment, BusinessDay day) =>
        await moment.Connection.QuerySingleOrDefaultAsync<string>(
            "SELECT fault FROM sandbox.fund_flow_fault WHERE day = @Date", new { day.Date }) is { } name
            ? Enum.GetValues<FundFlowFault>().First(fault => SnakeCase.Of($"{fault}") == name)
            : FundFlowFault.None;
}
