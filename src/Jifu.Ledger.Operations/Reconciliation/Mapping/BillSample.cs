using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>The first rows of a bill: what the numbers and amounts of an order export can be held against.</summary>
/// <param name="ByNumber">The first row of each number; a revocation has the number of its payment.</param>
/// <param name="ByKey">The first row of each kind and number.</param>
/// <param name="Days">Of which days' bills the rows are; UnionPay's day begins on the evening before.</param>
/// <param name="IsWhole">True when the bill has no more rows than these.</param>
public sealed record BillSample(
    IReadOnlyDictionary<string, BillLine> ByNumber, IReadOnlyDictionary<string, BillLine> ByKey,
    IReadOnlySet<string> References, IReadOnlySet<string> Merchants, IReadOnlySet<BusinessDay> Days, long Rows,
    bool IsWhole)
{
    /// <summary>The one day that the bill is of; null for a bill of several, or of none.</summary>
    public static BusinessDay? DayOf(BillSample sample, string path, Channel channel)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Days.Count != 1)
            return null;
        var day = sample.Days.Single();
        try
        {
            // What is written at its head counts, too: a bill of a month may have rows of one day only.
            _ = BillSource.Lines(new(path, channel, "", new() { Number = "", Amount = "" }, day)).FirstOrDefault();
            return day;
        }
        catch (BillRejectedException refused) when (refused.Code is BillRejection.BillDayDiffers)
        {
            return null;
        }
    }

    /// <param name="merchant">Whose bill it must be; null for anybody's.</param>
    /// <param name="day">Of which day; null for any.</param>
    /// <exception cref="BillRejectedException">The bill may not be used.</exception>
    public static BillSample Read(string path, Channel channel, string? merchant = null, BusinessDay? day = null)
    {
        var request = new FileReconciliationRequest(
            path, channel, "", new() { Number = "", Amount = "" }, day, merchant);
        var (numbers, references) = (new Dictionary<string, BillLine>(), new HashSet<string>());
        var keys = new Dictionary<string, BillLine>();
        var (merchants, days) = (new HashSet<string>(), new HashSet<BusinessDay>());
        var rows = 0;
        foreach (var (line, itsDay) in BillSource.LinesOfDays(request).Take(OrderSample.RowsMax + 1))
        {
            rows++;
            numbers.TryAdd(line.Number, line);
            keys.TryAdd(line.Key, line);
            references.Add(line.ChannelReference);
            merchants.Add(line.Merchant);
            days.Add(itsDay);
        }

        references.Remove("");
        merchants.Remove("");
        return new(numbers, keys, references, merchants, days, rows, rows <= OrderSample.RowsMax);
    }
}
