using System.Diagnostics;
using System.Globalization;
using Jifu.Ledger.Fuzz;

const int HangSeconds = 5;
var (seconds, files, seed, only) = (0, 0, 20261121, -1);
foreach (var option in args.Chunk(2))
{
    var number = option.Length == 2 && int.TryParse(option[1], CultureInfo.InvariantCulture, out var n) ? n : -1;
    switch (option[0])
    {
        case "--seconds" when number > 0: seconds = number; break;
        case "--files" when number > 0: files = number; break;
        case "--seed" when number >= 0: seed = number; break;
        case "--file" when number >= 0: only = number; break;
        default:
            Console.Error.WriteLine($"What is {string.Join(' ', option)}? scripts/fuzz-bills --help tells.");
            return 2;
    }
}

if (seconds + files == 0 && only < 0)
    files = 10_000;

var trial = new BillTrial(seed);
var clock = Stopwatch.StartNew();
var (current, since, slowest) = (0, TimeSpan.Zero, TimeSpan.Zero);
using var watch = new Timer(_ =>
{
    if (clock.Elapsed - since > TimeSpan.FromSeconds(HangSeconds))
        Environment.Exit(Failed($"it hangs for more than {HangSeconds} seconds"));
}, null, 0, 500);

for (current = Math.Max(0, only); only >= 0 ? current == only : !IsOver(); current++)
{
    since = clock.Elapsed;
    var (sample, bytes) = trial.File(current);
    try
    {
        trial.Try(sample, bytes);
    }
    catch (Exception e)
    {
        return Failed($"{e}");
    }

    slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, (clock.Elapsed - since).Ticks));
}

foreach (var (outcome, count) in trial.Outcomes.OrderByDescending(pair => pair.Value))
    Console.WriteLine($"{count,9:N0}  {outcome}");
using var process = Process.GetCurrentProcess();
Console.WriteLine(
    $"{trial.Outcomes.Values.Sum():N0} files of seed {seed} in {clock.Elapsed.TotalSeconds:N1} s, the slowest in "
    + $"{slowest.TotalMilliseconds:N0} ms, {process.PeakWorkingSet64 >> 20} MiB at most: each was read or refused.");
return 0;

bool IsOver() => (files > 0 && current >= files) || (seconds > 0 && clock.Elapsed.TotalSeconds >= seconds);

int Failed(string why)
{
    var (sample, bytes) = trial.File(current);
    var path = Path.Combine(Path.GetTempPath(), $"jifu-fuzz-{seed}-{current}-{sample.FileName}");
    File.WriteAllBytes(path, bytes);
    Console.Error.WriteLine(
        $"FAIL: {why}\nThe file is {path}, made of {sample.Case}; "
        + $"again: scripts/fuzz-bills --seed {seed} --file {current}");
    return 1;
}
