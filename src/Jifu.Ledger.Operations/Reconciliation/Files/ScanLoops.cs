using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>How the loops over rows are compiled. Most of a run is spent in them, and compiling them takes longer than
/// comparing a million rows.</summary>
internal static class ScanLoops
{
#if AHEAD_AVX512
    /// <summary>With all else ahead of time, for the processor on which it was built.</summary>
    public const MethodImplOptions Compiled = default;
#else
    /// <summary>When first run, at once as good as can be: then they gain by what that processor has.</summary>
    public const MethodImplOptions Compiled = MethodImplOptions.AggressiveOptimization;
#endif
}
