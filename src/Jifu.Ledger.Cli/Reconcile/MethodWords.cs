namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>How two files were compared, where it was not the usual way: a person who wonders why it took so long reads
/// it here.</summary>
internal static class MethodWords
{
    private const string Exact = "exact external join: ";

    /// <summary>One line; null when it was the sketch.</summary>
    public static string? Of(string method) => method.StartsWith(Exact, StringComparison.Ordinal)
        ? "Compared by the exact join of all rows, not by the sketch 未用草图，已逐笔精确连接: "
            + $"{method[Exact.Length..]}{Chinese(method[Exact.Length..])}"
        : null;

    private static string Chinese(string reason) => reason switch
    {
        "too many differences for the sketch" => " 差异太多",
        "the sketch did not explain the totals" => " 草图的结果与合计不符",
        _ => "",
    };
}
