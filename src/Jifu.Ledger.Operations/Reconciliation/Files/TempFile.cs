using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A file that nobody else sees and that is gone when it is closed, and where the system allows it also when
/// the process is killed.</summary>
internal static class TempFile
{
    public const string Prefix = "jifu-rows-";

    public static SafeFileHandle Open()
    {
        var path = Path.Combine(Path.GetTempPath(), Prefix + Path.GetRandomFileName());
        var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        // Elsewhere a file can lose its name while it is open.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
