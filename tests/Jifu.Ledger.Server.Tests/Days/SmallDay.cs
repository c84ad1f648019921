using System.IO.Compression;
using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>A business day of two merchants, played in steps of which each may be repeated.</summary>
internal sealed class SmallDay
{
    /// <summary>The step that clears T+0.</summary>
    public const int ClearingStep = 9;

    private readonly RunningServer _server;
    private readonly Shop _shop;
    private readonly Shop _fast;

    private SmallDay(RunningServer server, BusinessDay day, Shop shop, Shop fast) =>
        (_server, Day, _shop, _fast) = (server, day, shop, fast);

    public BusinessDay Day { get; }

    public Shop Shop => _shop;

    public static async Task<SmallDay> Begin(RunningServer server) => new(
        server, await server.Today(), await Shop.Open(server, "day-shop", new(SplitPpm: 50_000)),
        await Shop.Open(server, "day-fast", new("t0", "bank-2")));

    /// <summary>The same merchants on their next day.</summary>
    public SmallDay Next() => new(_server, Day.Next, _shop, _fast);

    /// <summary>What merchants and payers do, in order.</summary>
    public IReadOnlyList<Func<Task>> Trade =>
    [
        () => Pay(_shop, "a", 10_000), () => Pay(_shop, "b", 2_345), () => Pay(_shop, "c", 99),
        () => Scan(_shop, "d", 4_000), () => Refund(_shop, "a", "r1", 2_500), () => Refund(_shop, "a", "r2", 2_500),
        () => Pay(_fast, "e", 30_000), () => Pay(_fast, "f", 50_000), () => Refund(_fast, "e", "r1", 1_000),
        ClearNow, () => Pay(_fast, "g", 7_000), () => Cancel(_shop, "c"), () => Refuse(_shop, "h"),
    ];

    public async Task Play()
    {
        foreach (var step in Trade)
            await step();
    }

    /// <summary>Makes the channel's bill wrong in so many places.</summary>
    public async Task Plant(int count) => (await _server.AsOperator(
        "POST", $"/v1/sandbox/days/{Day}/differences", $$"""{"count":{{count}},"seed":7}""")).Refusal.ShouldBe("200");

    /// <summary>Lets the day end: it is half past one of the next.</summary>
    public Task End() => _server.MoveClock(Day.Next.Start.AddMinutes(90));

    public Task<Answer> Close() => _server.AsOperator("POST", $"/v1/ops/days/{Day}/close");

    public Task<Answer> Finance() => _server.AsOperator("GET", $"/v1/ops/days/{Day}/finance");

    /// <summary>What was planted, or what was found: <c>class key field</c> of each.</summary>
    public async Task<IReadOnlyList<string>> Planted() => Told(
        (await _server.AsOperator("GET", $"/v1/sandbox/days/{Day}/differences")).Json.GetProperty("differences"));

    /// <inheritdoc cref="Planted"/>
    public async Task<IReadOnlyList<string>> Found()
    {
        var found = (await _server.AsOperator("GET", $"/v1/ops/days/{Day}/differences")).Json;
        var carried = found.GetProperty("carries").EnumerateArray()
            .Where(carry => carry.GetProperty("day").GetString() == $"{Day}")
            .Select(carry => $"cut_off {carry.GetProperty("key").GetString()} day");
        return [.. Told(found.GetProperty("differences")).Concat(carried).Order(StringComparer.Ordinal)];
    }

    /// <summary>A file of the finance zip, as text.</summary>
    public static async Task<string> FileIn(Answer zip, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(zip.Content));
        using var reader = new StreamReader(await archive.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    private static IReadOnlyList<string> Told(JsonElement differences) => [.. differences.EnumerateArray()
        .Select(one => $"{one.GetProperty("class").GetString()} {one.GetProperty("key").GetString()} "
            + one.GetProperty("field").GetString()).Order(StringComparer.Ordinal)];

    private async Task Pay(Shop shop, string no, long amount) =>
        (await shop.Pay(new($"{Day}-{no}", amount)))["status"].ShouldBe("paid");

    private async Task Refuse(Shop shop, string no) =>
        (await shop.Pay(new($"{Day}-{no}", 1, PayerCode: "sandbox:refuse")))["status"].ShouldBe("failed");

    private async Task Scan(Shop shop, string no, long amount)
    {
        var payment = (await shop.Pay(Order.ByScan($"{Day}-{no}", amount)))["payment_id"];
        (await _server.Http.PostAsync(new Uri($"/sandbox/pay/{payment}", UriKind.Relative), null))
            .EnsureSuccessStatusCode();
        await shop.Comes(payment, "paid");
    }

    private async Task Refund(Shop shop, string no, string refundNo, long amount) =>
        (await shop.Refund(await IdOf(shop, no), refundNo, amount))["status"].ShouldBe("succeeded");

    private async Task Cancel(Shop shop, string no) =>
        (await shop.Post($"/v1/payments/{await IdOf(shop, no)}/cancel", new { reason = "x" }))["status"]
            .ShouldBe("cancelled");

    private async Task ClearNow() => (await _server.AsOperator(
        "POST", "/v1/ops/clearing", """{"channel":"sandbox","term":"t0","run":1}""")).Refusal.ShouldBe("200");

    private async Task<string> IdOf(Shop shop, string no) =>
        (await shop.Get($"/v1/payments/by-order-no/{Day}-{no}"))["payment_id"];
}
