using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Money;

namespace Jifu.Ledger.Cli.Day;

/// <summary>A difference, planted or found.</summary>
internal sealed record Difference(string Class, string Key, string Field);

/// <summary>What the day's books came to.</summary>
/// <param name="Positions">What each merchant was cleared, T+0 and then T+1, as the API tells it, with its
/// <c>term</c>.</param>
/// <param name="ThreeSides">Our books, the trade bill and the money of each channel.</param>
/// <param name="Missed">Planted and not found.</param>
/// <param name="Unasked">Found and not planted.</param>
/// <param name="JournalDebits">All debits of the whole journal, in minor units.</param>
/// <param name="Ties">What the finance files say of themselves.</param>
internal sealed record ClosedBooks(
    JsonArray Positions, IReadOnlyList<(string Id, string Status)> Settlements, JsonNode Reconciliation,
    JsonArray ThreeSides,
    IReadOnlyList<Difference> Planted, IReadOnlyList<Difference> Missed, IReadOnlyList<Difference> Unasked,
    long JournalDebits, long JournalCredits, bool Ties, string Zip, string Sha256)
{
    public bool Balanced => JournalDebits == JournalCredits;

    /// <summary>Each channel's fund flow was held against its trade bill, and says the same.</summary>
    public bool MoneyTies => ThreeSides.All(one =>
        one!["fund_flow"]!.GetValue<string>() == "checked" && ThreeSidesCommand.MoneyAgrees(one));

    public bool Right => Balanced && Ties && MoneyTies && Missed.Count == 0 && Unasked.Count == 0
        && Reconciliation["funds_received"]!.GetValue<bool>() && Settlements.All(one => one.Status == "confirmed");
}

/// <summary>Closes a played day: plants differences in the channel's bill, clears, reconciles, downloads, and holds
/// what was found against what was planted.</summary>
internal sealed class DayBooks(ApiClient asOperator, DayRun run, DayOptions options)
{
    public async Task<ClosedBooks> Close(BusinessDay day, CancellationToken cancellation)
    {
        var planted = await Plant(day, cancellation);
        JsonArray atOnce = await run.ClearAtOnce(day, cancellation) is { Ok: true, Body: { } body }
            ? [body.DeepClone()]
            : [];
        await run.MoveClock(day.Next.Start.AddMinutes(90), cancellation);
        var closed = (await asOperator.Post($"/v1/ops/days/{day}/close", null, null, cancellation))
            .Must("close the day");
        var found = await Found(day, cancellation);
        var (debits, credits) = await Journal(cancellation);
        var (zip, sha256, ties) = await Download(day, cancellation);
        var clearings = closed["clearings"]!.AsArray();
        return new(
            [.. Positions("t0", atOnce), .. Positions("t1", clearings)],
            [.. Settlements(atOnce), .. Settlements(clearings)], closed["reconciliations"]![0]!,
            closed["three_sides"]!.AsArray(), planted,
            [.. planted.Except(found)], [.. found.Except(planted)], debits, credits, ties, zip, sha256);
    }

    private static IEnumerable<JsonNode> Positions(string term, JsonArray clearings)
    {
        foreach (var position in clearings.SelectMany(one => one!["positions"]!.AsArray()))
        {
            var told = position!.DeepClone().AsObject();
            told.Insert(0, "term", term);
            yield return told;
        }
    }

    private async Task<IReadOnlyList<Difference>> Plant(BusinessDay day, CancellationToken cancellation)
    {
        if (options.Differences > 0)
        {
            var reply = await asOperator.Post(
                $"/v1/sandbox/days/{day}/differences", new { count = options.Differences, seed = options.Seed }, null,
                cancellation);

            // After an interruption the bill is there already, with what was planted in it.
            if (!reply.Ok && reply.Code != "bill_already_fixed")
                reply.Must("plant differences");
        }

        var planted = (await asOperator.Get($"/v1/sandbox/days/{day}/differences", cancellation))
            .Must("list what was planted");
        return [.. planted["differences"]!.AsArray().Select(Read)];
    }

    private async Task<IReadOnlyList<Difference>> Found(BusinessDay day, CancellationToken cancellation)
    {
        var found = (await asOperator.Get($"/v1/ops/days/{day}/differences", cancellation)).Must("list differences");
        var carried = found["carries"]!.AsArray()
            .Where(carry => carry!["day"]!.GetValue<string>() == $"{day}")
            .Select(carry => new Difference("cut_off", carry!["key"]!.GetValue<string>(), "day"));
        return [.. found["differences"]!.AsArray().Select(Read), .. carried];
    }

    private static Difference Read(JsonNode? one) => new(
        one!["class"]!.GetValue<string>(), one["key"]!.GetValue<string>(), one["field"]!.GetValue<string>());

    private static IEnumerable<(string Id, string Status)> Settlements(JsonArray clearings) =>
        clearings.SelectMany(one => one!["settlements"]!.AsArray()).Select(one =>
            (one!["settlement_id"]!.GetValue<string>(), one["status"]!.GetValue<string>()));

    private async Task<(long Debits, long Credits)> Journal(CancellationToken cancellation)
    {
        var balances = (await asOperator.Get("/v1/balances", cancellation)).Must("read the balances").AsArray();
        return (
            balances.Sum(one => one!["debits"]!.GetValue<long>()),
            balances.Sum(one => one!["credits"]!.GetValue<long>()));
    }

    private async Task<(string Zip, string Sha256, bool Ties)> Download(
        BusinessDay day, CancellationToken cancellation)
    {
        var reply = await asOperator.Get($"/v1/ops/days/{day}/finance", cancellation);
        if (!reply.Ok)
            reply.Must("download the finance files");
        Directory.CreateDirectory(options.Out);
        var zip = Path.Combine(options.Out, reply.FileName ?? $"jifu_finance_{day}.zip");
        await WholeFile.Write(zip, reply.Content, cancellation);
        using var archive = new ZipArchive(new MemoryStream(reply.Content), ZipArchiveMode.Read);
        await using var manifest = await archive.GetEntry("manifest.json")!.OpenAsync(cancellation);
        var told = await JsonNode.ParseAsync(manifest, cancellationToken: cancellation);
        return (
            zip, Convert.ToHexStringLower(SHA256.HashData(reply.Content)), told!["ties"]!.GetValue<bool>());
    }
}
