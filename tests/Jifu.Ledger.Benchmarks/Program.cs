using Jifu.Ledger.Benchmarks;

// Each prints its figures and ends with one line: NAME ratio X.XX (bar Y.YY) against WHAT.
var benchmarks = new Dictionary<string, (string About, Func<BenchmarkOptions, Task> Run)>
{
    ["append"] = ("group commit against one transaction per append; --filled: events in the log before", Append.Run),
    ["posting"] = ("transfers with balance check against pgbench TPC-B; --size: cold accounts", Posting.Run),
    ["payment"] = ("whole payments, read models caught up, against pgbench TPC-B; --size: its scale", Payment.Run),
    ["reconcile"] = ("a bill against an order export, against DuckDB's join; --size: rows of each", Reconcile.Run),
    ["replay"] = ("read models from the log against a commit per event; --size: events", Replay.Run),
    ["verify"] = ("proving the log and an archive of it, against a minute a million; --size: events", Verify.Run),
    ["api"] = ("signed orders over HTTP against an empty endpoint; --size: merchants", Api.Run),
    ["clearing"] = ("a day of 10,000 merchants cleared, against one GROUP BY; --size: payments", Clearing.Run),
    ["start"] = ("from the server's command to ready, and its memory; --size: events in the log", Start.Run),
    ["workbook"] = ("memory of a reconciliation's workbook; --size: rows; no PostgreSQL", Workbook.Run),
};
var usage = $"""
    dotnet run -c Release --project tests/Jifu.Ledger.Benchmarks -- NAME [--size N] [--seconds N] [--quick]

    NAME is one of:
    {string.Join('\n', benchmarks.Select(b => $"  {b.Key,-9} {b.Value.About}"))}

    --seconds  how long one run of one side takes
    --quick    end within 45 seconds
    All but reconcile and workbook start a PostgreSQL with fsync on. Each runs both sides in turn several times, prints
    each run, the median and the ratio. Only ratios of one run mean anything. A missed bar is told, and is no error.
    """;

if (args is ["reconcile-only", var bill, var orders, var differences])
    return Reconcile.Only(bill, orders, differences);

if (args is ["--help" or "-h" or "help"])
{
    Console.WriteLine(usage);
    return 0;
}

if (args is [var name, .. var rest] && benchmarks.TryGetValue(name, out var benchmark)
    && BenchmarkOptions.Parse(rest) is { } options)
{
    Console.WriteLine(Machine.Name());
    await benchmark.Run(options);
    return 0;
}

Console.Error.WriteLine(usage);
return 2;
