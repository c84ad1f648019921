using System.Diagnostics;

namespace Jifu.Ledger.Benchmarks;

/// <summary>DuckDB's full outer join of the same two files, in a process of its own.</summary>
internal static class DuckDbJoin
{
    private const string Package = "@duckdb/node-api@1.5.6-r.1";

    /// <summary>Null when it is not there and cannot be installed.</summary>
    public static Reconcile.Figure? Run(ReconcileFiles files)
    {
        // Beside the program, where nothing is committed.
        var folder = Path.Combine(AppContext.BaseDirectory, "duckdb");
        var script = Path.Combine(folder, "duckdb-join.mjs");
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "duckdb-join.mjs"), script, overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@duckdb"))
            && Output("npm", ["install", "--silent", "--no-audit", "--prefix", folder, Package]) is null)
            return null;
        var line = Output("node", [script, files.Bill, files.Orders, files.Differences + ".duckdb"]);
        return line is null ? null : Reconcile.Parsed(line);
    }

    private static string? Output(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
