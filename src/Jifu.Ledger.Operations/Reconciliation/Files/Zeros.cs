namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Whether anything is left of sums that should have come to nothing.</summary>
/// <remarks>A plain loop is compiled ahead of time; the runtime's own search would be compiled in each run, which so
/// short a run feels.</remarks>
internal static class Zeros
{
    public static bool Fill(ReadOnlySpan<long> sums)
    {
        foreach (var sum in sums)
        {
            if (sum != 0)
                return false;
        }

        return true;
    }
}
