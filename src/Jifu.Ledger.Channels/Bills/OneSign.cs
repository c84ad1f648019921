namespace Jifu.Ledger.Channels.Bills;

/// <summary>How one file writes amounts that go the other way: some with a minus, some without. A file that does both
/// cannot be read, since nobody knows what it means.</summary>
internal sealed class OneSign
{
    private int sign;

    /// <summary>The amount without its sign; false when it has another sign than those before it.</summary>
    public bool TryTake(long units, out long magnitude)
    {
        magnitude = Math.Abs(units);
        sign = sign == 0 ? Math.Sign(units) : sign;
        return units == 0 || Math.Sign(units) == sign;
    }
}
