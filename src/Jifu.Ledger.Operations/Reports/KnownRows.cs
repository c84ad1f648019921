using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>Whose the numbers of a day's differences and carries are: as our books have it, else as the bill says.
/// </summary>
internal sealed class KnownRows
{
    private readonly Dictionary<(string Channel, string Key), KnownLine> _ours = [];
    private readonly Dictionary<(string Channel, string Key), ReportLine> _theirs = [];

    public void Add(string channel, IEnumerable<KnownLine> ours)
    {
        foreach (var line in ours)
            _ours[(channel, line.Key)] = line;
    }

    /// <summary>Keeps a row of the bill when it is about one of these keys.</summary>
    public void Meet(ReportLine line, HashSet<string> keys)
    {
        var key = LineKey.Of(line.Kind, line.Number);
        if (keys.Contains(key))
            _theirs.TryAdd((line.Channel, key), line);
    }

    public ReportDifference Fill(DifferenceRow row)
    {
        var (merchant, reference, at) = Of(row.Channel, row.Key);
        return new(
            row.Channel, row.Class, LineKey.NumberIn(row.Key), row.Field, row.Theirs, row.Ours, row.Currency,
            row.ExcessMinor, merchant, reference, At: at);
    }

    public ReportCarry Carry(CarryRow row, bool isOut, long gapMinor)
    {
        var (merchant, reference, at) = Of(row.Channel, row.Key);
        return new(
            row.Channel, isOut, row.Side, KindOf(LineKey.KindIn(row.Key)), LineKey.NumberIn(row.Key), row.Currency,
            gapMinor, row.Day, row.MetDay, merchant, reference, at);
    }

    public static BillLineKind KindOf(string name) => name switch
    {
        "payment" => BillLineKind.Payment,
        "refund" => BillLineKind.Refund,
        _ => BillLineKind.Revoke,
    };

    private (string Merchant, string Reference, DateTimeOffset? At) Of(string channel, string key)
    {
        var (ours, theirs) = (_ours.GetValueOrDefault((channel, key)), _theirs.GetValueOrDefault((channel, key)));
        return (
            ours?.Merchant ?? theirs?.Merchant ?? "", ours?.Reference ?? theirs?.Reference ?? "",
            ours?.At ?? theirs?.At);
    }
}
