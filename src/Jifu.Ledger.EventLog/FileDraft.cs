using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.EventLog;

/// <summary>A file on its way: it stands whole under its name or not at all, however we end, also when power is
/// lost.</summary>
/// <remarks>
/// It is written beside its place under a hidden name, flushed, renamed, and then its folder is flushed: without the
/// last a rename may be forgotten. What is told to be there is there. Abandoned when it is disposed of without a name;
/// a process that is killed leaves the hidden file behind.
/// </remarks>
public sealed class FileDraft : IDisposable
{
    private readonly string _path, _folder, _draft;

    /// <param name="path">Its name in the end; the folder is made when there is none.</param>
    /// <param name="mode">Who may read it, from the first byte on; null for the process's own choice.</param>
    public FileDraft(string path, UnixFileMode? mode = null)
    {
        _path = Path.GetFullPath(path);
        _folder = Path.GetDirectoryName(_path) ?? throw new ArgumentException($"{path} names no file.");
        Make(_folder);
        _draft = Path.Combine(
            _folder,
            string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(_path)}.{Path.GetRandomFileName()}"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (mode is { } given && !OperatingSystem.IsWindows())
            options.UnixCreateMode = given;
        Stream = new(_draft, options);
    }

    /// <summary>Write here, and read again what was written.</summary>
    public FileStream Stream { get; }

    /// <summary>Puts content under a name, in place of whatever was there.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        using var draft = new FileDraft(path, mode);
        draft.Stream.Write(content);
        draft.Replace();
    }

    /// <summary>Gives it its name, in place of whatever was there.</summary>
    public void Replace()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_draft, _path, overwrite: true);
        Flush(_folder);
    }

    /// <summary>Gives it its name, unless there is a file of that name.</summary>
    /// <returns>False when there is one, whole and on the disk: it stays.</returns>
    public bool TryCreate()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        var created = TryName();
        // Whoever has put it there before us may not have flushed the folder yet, and we shall tell of it as well.
        Flush(_folder);
        return created;
    }

    // Of two who do it at once one succeeds. .NET's move looks for a file first, and renames then: both would. It is
    // for folders that know of no second name, and for Windows, where it does not look first.
    private bool TryName()
    {
        if (!OperatingSystem.IsWindows())
        {
            if (link(Terminated(_draft), Terminated(_path)) == 0)
                return true;
            if (Marshal.GetLastPInvokeError() == FileExists)
                return false;
        }

        try
        {
            File.Move(_draft, _path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(_path))
        {
            return false;
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(_draft);
    }

    // A folder that is new is an entry of the one above it.
    private static void Make(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var above = Path.GetDirectoryName(folder);
        if (above is not null)
            Make(above);
        Directory.CreateDirectory(folder);
        if (above is not null)
            Flush(above);
    }

    /// <summary>Brings a folder's names to the disk. Windows has no such call, and needs none.</summary>
    internal static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        // .NET opens no folders.
        var descriptor = open(Terminated(folder), 0);
        if (descriptor < 0)
            throw new IOException(
                $"{folder} cannot be flushed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    // EEXIST, of Linux and macOS alike.
    private const int FileExists = 17;

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

#pragma warning disable SYSLIB1054 // What it generates is unsafe code, for nothing: this takes plain bytes.
    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int link(byte[] path, byte[] name);
#pragma warning restore SYSLIB1054
}
