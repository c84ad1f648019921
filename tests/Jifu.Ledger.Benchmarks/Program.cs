using Jifu.Ledger.Benchmarks;

// Each prints its figures and ends with one line: NAME ratio X.XX (bar Y.YY) against WHAT.
var benchmarks = new Dictionary<string, Func<BenchmarkOptions, Task>>
{
    ["append"] = Append.Run,
};

if (args is [var name, .. var rest] && benchmarks.TryGetValue(name, out var run)
    && BenchmarkOptions.Parse(rest) is { } options)
{
    await run(options);
    return 0;
}

Console.Error.WriteLine($"Usage: NAME [--size N] [--quick], with NAME one of: {string.Join(' ', benchmarks.Keys)}");
return 2;
