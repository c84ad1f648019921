namespace Jifu.Ledger.Tidy.Tests;

/// <summary>One place that breaks a rule of the house, and what to do instead.</summary>
internal sealed record Finding(string Path, int Line, string Instead)
{
    public override string ToString() => Line > 0 ? $"{Path}:{Line}: {Instead}" : $"{Path}: {Instead}";
}

/// <summary>Lets a test end in one line that shows all that is wrong at once.</summary>
internal static class Findings
{
    public static void ShouldBeNone(this IEnumerable<Finding> findings)
    {
        var all = findings.Select(finding => finding.ToString()).ToArray();
        if (all.Length > 0)
            throw new ShouldAssertException($"{all.Length} to tidy up:\n  {string.Join("\n  ", all)}");
    }
}
