using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Cli.Bills;

/// <summary>What a bill file tells: its rows summed up by kind, or why it may not be used.</summary>
/// <param name="Kinds">Sums of all rows; none when not all of them could be read.</param>
internal sealed record BillTold(
    string File, string Channel, IReadOnlyList<BillKindSum> Kinds, BillRejectedException? Refused)
{
    /// <summary>True when every row could be read, whether or not the bill's totals agree.</summary>
    public bool IsWhole => Refused is null or { Code: BillRejection.BillTotalsDiffer };

    /// <summary>Null when not all rows could be read.</summary>
    public BillKindSum? Total => IsWhole
        ? new("total", Kinds.Sum(kind => kind.Rows), Kinds.Sum(kind => kind.NetMinor), Kinds.Sum(kind => kind.FeeMinor))
        : null;

    public static BillTold Of(FileInfo file, string channel)
    {
        var sums = new SortedDictionary<BillLineKind, BillKindSum>();
        BillRejectedException? refused = null;
        try
        {
            using var bill = file.OpenRead();
            foreach (var (number, row) in TradeBillReader.Rows(bill, file.Name))
            {
                var line = row.ToBillLine(number);
                var sum = sums.GetValueOrDefault(line.Kind, new(SnakeCase.Of($"{line.Kind}"), 0, 0, 0));
                sums[line.Kind] = sum.With(line);
            }
        }
        catch (BillRejectedException exception)
        {
            refused = exception;
        }

        var told = new BillTold(file.Name, channel, [.. sums.Values], refused);
        return told.IsWhole ? told : told with { Kinds = [] };
    }
}

/// <summary>The rows of one kind; amounts in minor units of CNY.</summary>
/// <param name="NetMinor">What the channel owes us for them after fees; negative when we owe.</param>
/// <param name="FeeMinor">What it charges; negative where it gives back.</param>
internal sealed record BillKindSum(string Kind, int Rows, long NetMinor, long FeeMinor)
{
    /// <summary>Before fees.</summary>
    public long AmountMinor => NetMinor + FeeMinor;

    public BillKindSum With(BillLine line) => this with
    {
        Rows = Rows + 1, NetMinor = NetMinor + line.Net.MinorUnits, FeeMinor = FeeMinor + line.Fee.MinorUnits,
    };
}
