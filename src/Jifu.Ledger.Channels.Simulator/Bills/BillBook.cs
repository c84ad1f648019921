using Dapper;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>The channel's trade bills: each is made at its first download, once its day is over, and never changes
/// after. Those of earlier days are made before it: the channel settles one day after the other.</summary>
internal sealed class BillBook(SandboxDatabase database, SandboxSettings settings, SandboxClock clock)
{
    /// <summary>A bill's bytes; null while its day is not over.</summary>
    public async Task<ChannelBillFile?> Fetch(BusinessDay day, CancellationToken cancellation)
    {
        var content = await Fixed<byte[]>("content", day, cancellation);
        if (content is null && clock.GetUtcNow() >= day.Next.Start)
            content = await database.Alone(moment => Fix(moment, day), cancellation);
        return content is null ? null : new($"sandbox_{settings.MerchantNumber}_{day}.csv", content);
    }

    /// <summary>What the channel has paid us for a day: its bill's net. Null while the bill was not fetched.</summary>
    public async Task<ChannelFunds?> Funds(BusinessDay day, CancellationToken cancellation) =>
        await Fixed<string>("bank_reference", day, cancellation) is { } reference
            ? new(new((await Fixed<long?>("net", day, cancellation))!.Value, Currency.CNY), reference)
            : null;

    public static async Task<bool> IsFixed(SandboxMoment moment, BusinessDay day) =>
        await moment.Connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM sandbox.bill WHERE day = @Date)", new { day.Date });

    private async Task<T?> Fixed<T>(string column, BusinessDay day, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(
            $"SELECT {column} FROM sandbox.bill WHERE day = @Date", new { day.Date }, cancellationToken: cancellation));
    }

    /// <summary>What the bill of a day says, or will say.</summary>
    public static async Task<List<BillRow>> Rows(SandboxMoment moment, BusinessDay day) => PlantedBill.Rows(
        await BillRow.Of(moment, day), await PlantedDifferences.Of(moment, day),
        await BillRow.Of(moment, day.Previous), await PlantedDifferences.Of(moment, day.Previous));

    private async Task<byte[]> Fix(SandboxMoment moment, BusinessDay day)
    {
        for (var next = await FirstOpen(moment, day); next <= day; next = next.Next)
            await FixOne(moment, next);

        // Two first downloads at once get the same bytes: those of the one that came first.
        return await moment.Connection.QuerySingleAsync<byte[]>(
            "SELECT content FROM sandbox.bill WHERE day = @Date", new { day.Date });
    }

    private static async Task<BusinessDay> FirstOpen(SandboxMoment moment, BusinessDay day)
    {
        if (await moment.Connection.ExecuteScalarAsync<DateTime?>(
            "SELECT max(day)::timestamp FROM sandbox.bill WHERE day < @Date", new { day.Date }) is { } last)
            return new BusinessDay(DateOnly.FromDateTime(last)).Next;
        return await moment.Connection.ExecuteScalarAsync<DateTime?>(
            "SELECT min(paid_at) FROM sandbox.payment") is { } paidAt && BusinessDay.Of(paidAt) is var first
            && first < day ? first : day;
    }

    private async Task FixOne(SandboxMoment moment, BusinessDay day)
    {
        var rows = await Rows(moment, day);
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows.Select(row => row.ToTradeBill(settings.MerchantNumber)));
        await moment.Connection.ExecuteAsync(
            """
            INSERT INTO sandbox.bill (day, content, net, bank_reference, fixed_at)
            VALUES (
                @Date, @content, @net, 'F' || @DayDigits || lpad(nextval('sandbox.reference_no')::text, 12, '0'), @Now)
            ON CONFLICT (day) DO NOTHING
            """,
            new
            {
                day.Date, content = file.ToArray(), net = rows.Sum(row => row.Net), moment.DayDigits, moment.Now,
            });
    }
}
