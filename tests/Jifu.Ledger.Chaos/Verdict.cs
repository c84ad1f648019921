using static System.FormattableString;

namespace Jifu.Ledger.Chaos;

/// <summary>What was seen of one fault: each criterion with its figure, printed as it is judged.</summary>
internal sealed class Verdict(string fault, TextWriter output)
{
    private readonly List<string> _broken = [];
    private readonly List<string> _late = [];

    /// <summary>True when every criterion was met.</summary>
    public bool Passed => _broken.Count == 0 && _late.Count == 0;

    /// <summary>What does not hold, however slow the machine is.</summary>
    public IReadOnlyList<string> Broken => _broken;

    /// <summary>A figure that is no criterion.</summary>
    public void Told(string figure) => output.WriteLine($"        {figure}");

    public void Holds(string what, bool holds, string figure = "")
    {
        var line = figure.Length == 0 ? what : $"{what}: {figure}";
        output.WriteLine($"  {(holds ? "ok  " : "MISS")}  {line}");
        if (!holds)
            _broken.Add(line);
    }

    /// <summary>A criterion of time: it says something about the machine too, so tests do not ask about it.</summary>
    public void Within(string what, TimeSpan limit, IReadOnlyCollection<TimeSpan> seen)
    {
        var worst = seen.Count == 0 ? TimeSpan.Zero : seen.Max();
        var median = seen.Count == 0 ? TimeSpan.Zero : seen.Order().ElementAt(seen.Count / 2);
        var line = Invariant($"{what} within {limit.TotalSeconds:0.#} s: median {median.TotalSeconds:0.00} s, ")
            + Invariant($"worst {worst.TotalSeconds:0.00} s of {seen.Count}");
        output.WriteLine($"  {(worst <= limit ? "ok  " : "LATE")}  {line}");
        if (worst > limit)
            _late.Add(line);
    }

    public void Close() => output.WriteLine($"{fault} {(Passed ? "PASS" : "FAIL")}");
}
