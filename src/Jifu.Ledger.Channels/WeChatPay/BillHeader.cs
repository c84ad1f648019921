using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>Where each known heading stands in a line of headings. Headings that nobody knows are passed over; one that
/// stands twice, or a required one that is missing, refuses the bill.</summary>
internal sealed class BillHeader<THeading> where THeading : struct, Enum
{
    private readonly Dictionary<THeading, int> places = [];

    public BillHeader(
        string line, BillText file, IReadOnlyDictionary<string, THeading> known, IEnumerable<THeading> required)
    {
        var names = line.Split(',');
        Count = names.Length;
        for (var (place, column) = (0, 1); place < names.Length; column += names[place++].Length + 1)
        {
            if (known.TryGetValue(names[place].Trim(), out var heading) && !places.TryAdd(heading, place))
                throw file.Reject(BillRejection.BillHeaderUnknown, column, $"{names[place]} once");
        }

        foreach (var heading in required.Where(heading => !places.ContainsKey(heading)))
        {
            var name = known.First(pair => pair.Value.Equals(heading)).Key;
            throw file.Reject(BillRejection.BillHeaderUnknown, 1, $"a heading {name}");
        }
    }

    /// <summary>How many cells each line below must have.</summary>
    public int Count { get; }

    /// <summary>The place of a heading from 0; -1 when this file does not have it.</summary>
    public int PlaceOf(THeading heading) => places.GetValueOrDefault(heading, -1);
}
