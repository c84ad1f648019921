using System.Globalization;

namespace Jifu.Ledger.Benchmarks;

/// <summary>What this program and a server's processes have used of the processors so far, in seconds.</summary>
/// <remarks>It tells what work costs; on a shared machine the time that passes tells how busy others are.</remarks>
internal readonly record struct CpuTime(double Program, double Server)
{
    private const double TicksPerSecond = 100;

    public double Total => Program + Server;

    public static CpuTime operator +(CpuTime left, CpuTime right) =>
        new(left.Program + right.Program, left.Server + right.Server);

    public static CpuTime operator -(CpuTime left, CpuTime right) =>
        new(left.Program - right.Program, left.Server - right.Server);

    /// <param name="serverProcessId">Any process of the server, such as a connection's: what has the same parent
    /// counts, as long as it lives.</param>
    public static CpuTime Now(int serverProcessId)
    {
        var parent = Stat(serverProcessId)?.Parent ?? throw new InvalidOperationException("The server is gone.");
        double server = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Stat(id) is { } stat && stat.Parent == parent)
                server += stat.Seconds;
        }

        return new(Stat(Environment.ProcessId)!.Value.Seconds, server);
    }

    private static (int Parent, double Seconds)? Stat(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");

            // The name, in parentheses, may hold anything: fields are counted behind it.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[1]), (Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
