namespace Jifu.Ledger.Cli.Api;

/// <summary>Writes a download so that its name stands for the whole of it: however this program ends, there is no half
/// file under the name.</summary>
internal static class WholeFile
{
    /// <summary>Replaces a file of that name.</summary>
    public static async Task Write(string path, byte[] content, CancellationToken cancellation)
    {
        var draft = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path))!,
            FormattableString.Invariant($".{Path.GetFileName(path)}.{Environment.ProcessId}.part"));
        try
        {
            await using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
            {
                await stream.WriteAsync(content, cancellation);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
