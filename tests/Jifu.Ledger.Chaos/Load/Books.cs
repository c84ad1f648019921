using Jifu.Ledger.Chaos.Stage;
using Npgsql;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Load;

/// <summary>Compares the merchants' own books with the ledger: the promises P1 (nothing acknowledged is lost, nothing
/// counts twice), P4 (all postings sum to zero) and P7 (the views are what the log says).</summary>
internal sealed class Books(House house)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Settles what is open, and checks all.</summary>
    public async Task Check(Verdict verdict)
    {
        await house.Street.Settle();
        await CaughtUp();
        await Once(verdict);
        var gaps = await house.Cluster.Value<long>("SELECT max(position) + 1 - count(*) FROM log.events");
        verdict.Holds("positions have no gap", gaps == 0, Invariant($"{gaps} missing"));
        var unbalanced = await house.Cluster.Value<long>("""
            SELECT count(*) FROM (
                SELECT FROM views.journal_line GROUP BY position, currency HAVING sum(amount_minor) <> 0) AS uneven
            """);
        var lines = await house.Cluster.Value<long>("SELECT count(*) FROM views.journal_line");
        verdict.Holds(
            "all postings sum to zero, at every position and currency (P4)", unbalanced == 0,
            Invariant($"{lines} lines"));
        var (code, said) = await house.Jifu("projections", "rebuild", "all");
        verdict.Holds(
            "the views are what a rebuild makes (P7)", code == 0,
            code == 0 ? Invariant($"{said.Split('\n').Count(line => line.Contains("the same"))} tables") : said);
    }

    /// <summary>Waits until the views hold all that is in the log.</summary>
    /// <exception cref="InvalidOperationException">They do not come to it.</exception>
    public async Task CaughtUp()
    {
        var head = await house.Cluster.Value<long>("SELECT coalesce(max(position), -1) FROM log.events");
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var views = await house.Street.AsOperator("GET", "/v1/ops/projections");
            if (views.Ok && views.Json!.Value.EnumerateArray()
                .All(view => view.GetProperty("position").GetInt64() >= head))
                return;
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new InvalidOperationException($"The views do not come to {head}: {views}");
            await Task.Delay(100);
        }
    }

    /// <summary>P1 alone: the merchants' books against the log.</summary>
    public async Task Once(Verdict verdict)
    {
        var stood = await Counted();
        var purchases = house.Street.Purchases;
        var wrong = new List<string>();
        foreach (var purchase in purchases.Where(purchase => purchase.PaymentId is not null))
        {
            var types = stood.GetValueOrDefault($"payment-{purchase.PaymentId}", []);
            Exactly(purchase, types, "payment.created", 1);
            if (purchase.Status == "paid")
                Exactly(purchase, types, "payment.succeeded", 1);
            Exactly(purchase, types, "payment.refund_requested", purchase.RefundAcknowledged ? 1 : 0);
        }

        verdict.Holds(
            "each acknowledged payment and refund stands in the log once (P1)", wrong.Count == 0,
            wrong.Count == 0 ? Invariant($"{house.Street.Acknowledged} payments") : string.Join("; ", wrong.Take(5)));
        verdict.Holds(
            "the log holds no payment that nobody asked for", stood.Count <= purchases.Count,
            Invariant($"{stood.Count} in the log, {purchases.Count} asked for"));
        verdict.Holds(
            "every answer was a success or an invitation to come again", house.Street.Strange.IsEmpty,
            string.Join("; ", house.Street.Strange.Take(5)));

        void Exactly(Purchase purchase, Dictionary<string, long> types, string type, long count)
        {
            if (types.GetValueOrDefault(type) is var seen && seen != count)
                wrong.Add(Invariant($"{purchase.OrderNo} has {seen} of {type}, not {count}"));
        }
    }

    private async Task<Dictionary<string, Dictionary<string, long>>> Counted()
    {
        var stood = new Dictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        await using var connection = new NpgsqlConnection(house.Cluster.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            SELECT stream, type, count(*) FROM log.events WHERE stream LIKE 'payment-%' GROUP BY stream, type
            """, connection);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            if (!stood.TryGetValue(rows.GetString(0), out var types))
                stood[rows.GetString(0)] = types = new(StringComparer.Ordinal);
            types[rows.GetString(1)] = rows.GetInt64(2);
        }

        return stood;
    }
}
