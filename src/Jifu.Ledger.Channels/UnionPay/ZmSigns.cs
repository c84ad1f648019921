using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>Which letter a file writes before what comes in, and which before what goes out. Nobody has told us; but it
/// must be two, and the same ones in every row.</summary>
internal sealed class ZmSigns
{
    private char incoming;

    public bool Fits(BillLineKind kind, (char Sign, long Fen) part)
    {
        if (part.Fen == 0)
            return true;
        var sign = kind is BillLineKind.Payment ? part.Sign : part.Sign == 'C' ? 'D' : 'C';
        incoming = incoming == 0 ? sign : incoming;
        return incoming == sign;
    }
}
