using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>How planted differences are chosen and how they look in a bill: pure functions of what happened and a
/// seed.</summary>
internal static class PlantedBill
{
    private static readonly TimeSpan CutOffMargin = TimeSpan.FromMinutes(15);

    private static readonly string[] Classes =
        ["only_at_channel", "only_with_us", "amount_differs", "fee_differs", "duplicate", "cut_off"];

    /// <summary>Chooses exactly so many differences, class after class.</summary>
    /// <param name="day">The day of the bill.</param>
    /// <param name="seed">The same seed on the same rows chooses the same differences.</param>
    /// <param name="count">How many.</param>
    /// <param name="rows">What happened; a row gets one difference at most.</param>
    /// <param name="nextIsOpen">False when the next day's bill is fixed, so that no row can be moved into it.</param>
    public static List<PlantedDifference> Choose(
        BusinessDay day, long seed, int count, IEnumerable<BillRow> rows, bool nextIsOpen)
    {
        // Near midnight a comparison may take a missing row for a cut-off, so only a cut-off is planted there.
        var free = rows.Where(row => !row.IsRevoked && row.Time >= day.Start + CutOffMargin)
            .OrderBy(row => BinaryPrimitives.ReadUInt64BigEndian(Hash($"{seed}:{row.Key}")))
            .ToLookup(row => row.Time >= day.Next.Start - CutOffMargin);
        var (midst, late) = (new Queue<BillRow>(free[false]), new Queue<BillRow>(nextIsOpen ? free[true] : []));
        var planted = new List<PlantedDifference>(count);
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            planted.Add(Enumerable.Range(ordinal, Classes.Length)
                .Select(at => Classes[at % Classes.Length])
                .Select(name => name switch
                {
                    "only_at_channel" => OnlyAtChannel(Invented(day, seed, ordinal)),
                    "cut_off" => late.TryDequeue(out var row) ? CutOff(row) : null,
                    _ => midst.TryDequeue(out var row) ? Of(name, row, seed) : null,
                })
                .First(difference => difference is not null)!);
        }

        return planted;
    }

    /// <summary>The rows of a bill: what happened, with what was planted in it and what the day before moved
    /// here.</summary>
    public static List<BillRow> Rows(
        IEnumerable<BillRow> happened, Planting? planting, IEnumerable<BillRow> happenedBefore, Planting? before)
    {
        // The channel says that it happened just after midnight: every row of a bill is of the bill's day.
        var movedHere = happenedBefore.Where(row => before?.ByKey(row.Key)?.Class == "cut_off")
            .Select(row => row with { At = row.At + CutOffMargin });
        var invented = planting is null
            ? []
            : planting.Differences.Index()
                .Where(at => at.Item.Class == "only_at_channel")
                .Select(at => Invented(planting.Day, planting.Seed, at.Index));
        return [.. movedHere.Concat(happened.SelectMany(row => Changed(row, planting))).Concat(invented)
            .OrderBy(row => row.At)];
    }

    private static BillRow[] Changed(BillRow row, Planting? planting) => planting?.ByKey(row.Key) switch
    {
        null => [row],
        { Class: "only_with_us" or "cut_off" } => [],
        { Class: "duplicate" } => [row, row],
        { Class: "amount_differs", Said: { } said } => [row with { Amount = said }],
        { Class: "fee_differs", Said: { } said } => [row with { Fee = said }],
        var other => throw new InvalidOperationException($"{other.Class} cannot be planted on {row.Key}"),
    };

    private static PlantedDifference Of(string name, BillRow row, long seed)
    {
        var shift = 1 + (Hash($"{seed}:{row.Key}")[8] % 99);
        return name switch
        {
            "only_with_us" => new(name, row.Key, "line", "", $"{row.Money}"),
            "amount_differs" => Replaced(name, row.Key, "amount", row.Amount + shift, row.Amount),
            "fee_differs" => Replaced(name, row.Key, "fee", row.Fee + shift, row.Fee),
            "duplicate" => new(name, row.Key, "rows", "2", "1"),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such class."),
        };
    }

    private static PlantedDifference OnlyAtChannel(BillRow row) =>
        new("only_at_channel", row.Key, "line", $"{row.Money}", "");

    private static PlantedDifference CutOff(BillRow row) => new(
        "cut_off", row.Key, "day", "", $"{row.Time.ToOffset(BusinessDay.Offset):yyyy-MM-dd HH:mm:ss}");

    private static PlantedDifference Replaced(string name, string key, string field, long said, long held) =>
        new(name, key, field, $"{new Money(said, Currency.CNY)}", $"{new Money(held, Currency.CNY)}") { Said = said };

    /// <summary>A payment that nobody ordered, somewhere in the day's working hours.</summary>
    private static BillRow Invented(BusinessDay day, long seed, int ordinal)
    {
        var hash = Hash($"{seed}:{day}:{ordinal}");
        var digits = BinaryPrimitives.ReadUInt64BigEndian(hash);
        var amount = new Money(100 + (long)(digits % 9_900), Currency.CNY);
        return new(
            "payment", "p" + Convert.ToHexStringLower(hash)[^30..],
            $"4200{day.Date:yyyyMMdd}9{digits % 1_000_000_000_000_000:D15}", null, null,
            day.Start.UtcDateTime.AddHours(9).AddSeconds(digits % 36_000), amount.MinorUnits,
            Sandbox.Terms.CostRate.RoundedOf(amount).MinorUnits, "native", "Unknown", null, false);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
