using Jifu.Ledger.Chaos;
using static System.FormattableString;

var usage = $"""
    scripts/chaos FAULT [--rounds N] [--seconds N] [--seed N]
    scripts/chaos all             every fault, one after the other, as often as it usually strikes

    FAULT is one of:
    {string.Join('\n', Fault.All.Select(fault => Invariant($"  {fault.Number,-5} {fault.About}")
        + (fault.Usual.Rounds > 1 ? Invariant($"; {fault.Usual.Rounds} rounds") : "")))}

    Each starts a PostgreSQL and a server of its own, drives payments and refunds over HTTP, causes the fault, and
    compares what was acknowledged with what stands in the log. It ends with FAULT PASS or FAIL and exit code 0 or 1.
    LATE is a criterion of time that was missed: on a busy machine that says little.
    """;

switch (args)
{
    case ["-h" or "--help" or "help"]:
        Console.WriteLine(usage);
        return 0;
    case ["all"]:
        var failed = new List<string>();
        foreach (var fault in Fault.All)
        {
            if (!(await fault.Strike(fault.Usual, Console.Out)).Passed)
                failed.Add(fault.Number);
        }

        Console.WriteLine(failed.Count == 0 ? "all PASS" : $"all FAIL: {string.Join(", ", failed)}");
        return failed.Count == 0 ? 0 : 1;
    case [var number, .. var rest]
        when Fault.All.SingleOrDefault(fault => fault.Number.Equals(number, StringComparison.OrdinalIgnoreCase))
            is { } one && one.Usual.Over(rest) is { } options:
        return (await one.Strike(options, Console.Out)).Passed ? 0 : 1;
    default:
        Console.Error.WriteLine(usage);
        return 2;
}
