using System.Diagnostics;

namespace Jifu.Ledger.Chaos.Stage;

/// <summary>A folder for all that one run starts. However we end, a shell that waits on a pipe from us ends those
/// processes, takes away what was mounted and deletes the folder.</summary>
internal sealed class Playground : IAsyncDisposable
{
    private const string Keeper = """
        trap '' INT TERM HUP
        folder=$1
        read -r _ || true
        if [[ -f $folder/pids ]]; then
          while read -r pid; do
            tr '\0' ' ' 2> /dev/null < "/proc/$pid/cmdline" | grep -qF "$folder" && kill -KILL "$pid"
          done < "$folder/pids"
        fi
        sleep 0.2
        # The grandchildren of a database notice a moment later.
        while read -r _ target _; do
          [[ $target == "$folder"/* ]] && umount -l "$target"
        done < /proc/mounts
        rm -rf "$folder"
        """;

    private readonly Process _keeper;

    public Playground()
    {
        Folder = Directory.CreateTempSubdirectory("jifu-chaos-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Folder, (UnixFileMode)0b111_001_001);

        // In a session of its own, so that Ctrl-C leaves somebody to clean up.
        _keeper = Process.Start(new ProcessStartInfo("setsid", ["/bin/bash", "-c", Keeper, "keeper", Folder])
        {
            RedirectStandardInput = true, WorkingDirectory = "/",
        })!;
    }

    public string Folder { get; }

    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>Whose process this is, as PostgreSQL does not run as root: another user's when we are root.</summary>
    public static string DatabaseUser { get; } = Environment.UserName != "root" ? Environment.UserName
        : File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres" : "nobody";

    /// <summary>Puts a command in front of which it runs as the database's user.</summary>
    public static string[] AsDatabaseUser(params string[] command) => Environment.UserName == "root"
        ? ["setpriv", $"--reuid={DatabaseUser}", "--regid", Group(), "--clear-groups", .. command]
        : command;

    /// <summary>Makes a folder that belongs to the database's user.</summary>
    public async Task<string> DatabaseFolder(string name)
    {
        Directory.CreateDirectory(In(name));
        if (Environment.UserName == "root")
            await Command.Run("chown", $"{DatabaseUser}:{Group()}", In(name));
        return In(name);
    }

    /// <summary>Makes a folder that holds no more than so many MiB. Only root can.</summary>
    public async Task<string> SmallFolder(string name, int mebibytes)
    {
        Directory.CreateDirectory(In(name));
        await Command.Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0777", "tmpfs", In(name));
        return In(name);
    }

    /// <summary>Starts a process that ends with us; what it says goes to a file.</summary>
    public Child Start(string name, IReadOnlyList<string> command, params (string Name, string Value)[] environment)
    {
        var child = new Child(In($"{name}.log"), command, environment);
        File.AppendAllText(In("pids"), FormattableString.Invariant($"{child.Id}\n"));
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private static string Group() => DatabaseUser == "nobody" ? "nogroup" : DatabaseUser;
}
