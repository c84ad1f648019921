using System.Globalization;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>A folder of report files that appear together, whole, or not at all.</summary>
internal sealed class ReportFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _force;

    private ReportFolder(string path, bool force)
    {
        (_path, _force) = (path, force);
        Draft = Path.Combine(
            Path.GetDirectoryName(path)!,
            string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(path)}.{Environment.ProcessId}.part"));
        Directory.CreateDirectory(Draft);
    }

    /// <summary>Where the files are written first.</summary>
    public string Draft { get; }

    /// <summary>A folder for files that nobody asked to keep.</summary>
    public static ReportFolder Temporary() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), force: false);

    /// <exception cref="CommandFailedException">It holds other files already, and nobody has said --force; or there
    /// can be no such folder.</exception>
    public static ReportFolder At(string path, bool force)
    {
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(whole))
            throw new CommandFailedException(ExitCodes.Usage, $"{path} is a file; --out names a folder.");
        if (!force && Directory.Exists(whole) && Directory.EnumerateFileSystemEntries(whole).Any())
            throw new CommandFailedException(
                ExitCodes.Usage, $"{path} is not empty. Name another folder, or say --force to write over its files.");
        try
        {
            return new(whole, force);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            // Its own message names the draft, of which nobody has heard.
            throw new CommandFailedException(ExitCodes.Usage, $"{path}: no folder can be made there.");
        }
    }

    /// <summary>Puts the files in their place.</summary>
    public void Publish()
    {
        if (!Directory.Exists(_path))
        {
            Directory.Move(Draft, _path);
            return;
        }

        // Of an older report nothing stays, so that no two are taken for one.
        foreach (var name in _force ? ReportFiles.Names : [])
            File.Delete(Path.Combine(_path, name));
        foreach (var file in Directory.EnumerateFiles(Draft))
            File.Move(file, Path.Combine(_path, Path.GetFileName(file)), overwrite: _force);
    }

    public void Dispose()
    {
        if (Directory.Exists(Draft))
            Directory.Delete(Draft, recursive: true);
    }
}
