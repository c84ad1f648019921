using System.Diagnostics;

namespace Jifu.Ledger.Chaos.Stage;

/// <summary>A process that we started, and so may end.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    public Child(string log, IReadOnlyList<string> command, (string Name, string Value)[] environment)
    {
        // The shell becomes the program, so its process id is the program's.
        var start = new ProcessStartInfo(
            "/bin/bash", ["-c", "exec \"${@:2}\" >> \"$1\" 2>&1 < /dev/null", "child", log, .. command])
        {
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        (_process, Log) = (Process.Start(start)!, log);
    }

    public int Id => _process.Id;
    public string Log { get; }
    public bool HasExited => _process.HasExited;

    /// <summary>Its resident memory in MiB.</summary>
    public long MemoryMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by its name.</summary>
    public Task Signal(string name) => Command.Run("kill", $"-{name}", FormattableString.Invariant($"{Id}"));

    /// <summary>Sends a signal by its name and waits for the end.</summary>
    /// <returns>The exit code, and how long it took.</returns>
    public async Task<(int Code, TimeSpan Took)> End(string signal)
    {
        var since = Stopwatch.StartNew();
        await Signal(signal);
        await _process.WaitForExitAsync();
        return (_process.ExitCode, since.Elapsed);
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>The exit code; null when it still runs.</returns>
    public async Task<int?> Ended(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The last of what it said.</summary>
    public string Said(int lines = 15) =>
        File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(lines)) : "";

    public void Dispose() => _process.Dispose();
}

/// <summary>A short command that must succeed.</summary>
internal static class Command
{
    /// <exception cref="InvalidOperationException">It did not; the message has what it said.</exception>
    public static async Task<string> Run(params string[] command)
    {
        var (code, said) = await Try(command);
        return code == 0
            ? said
            : throw new InvalidOperationException($"{string.Join(' ', command.Take(4))} … ended with {code}: {said}");
    }

    /// <summary>The same, whatever comes of it.</summary>
    public static async Task<(int Code, string Said)> Try(
        string[] command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await said}{await complained}");
    }
}
