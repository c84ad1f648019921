using System.Diagnostics;

namespace Jifu.Ledger.TestKit;

/// <summary>Where this machine keeps PostgreSQL's programs.</summary>
public static class PostgreSqlBinaries
{
    /// <summary>The first folder of the PATH, or the newest of the distribution's, whose programs really run.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Find() => Find("initdb", "postgres");

    /// <summary>The same for other programs: a machine may have some of them here and some there.</summary>
    public static string Find(params IReadOnlyList<string> programs)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return path.Concat(Distribution())
            .FirstOrDefault(folder => programs.All(program => Runs(folder, program)))
            ?? throw new InvalidOperationException(
                "No PostgreSQL found on the PATH or under /usr/lib/postgresql: install the package postgresql, or set "
                + $"{TestCluster.Variable} to a superuser's connection string.");
    }

    private static IEnumerable<string> Distribution() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
        : [];

    // A name on the PATH may be a shim that stands for nothing.
    private static bool Runs(string folder, string program)
    {
        var file = Path.Combine(folder, program);
        if (!File.Exists(file))
            return false;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(file, "--version")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardOutput.ReadToEnd();
            return process.WaitForExit(5_000) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
