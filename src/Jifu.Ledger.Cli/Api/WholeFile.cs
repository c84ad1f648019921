using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Cli.Api;

/// <summary>Writes a download so that its name stands for the whole of it: however this program ends, there is no half
/// file under the name.</summary>
internal static class WholeFile
{
    /// <summary>Replaces a file of that name.</summary>
    /// <exception cref="CommandFailedException">No file can have that name.</exception>
    public static Task Write(string path, byte[] content, CancellationToken cancellation) => Write(
        path,
        async stream =>
        {
            await stream.WriteAsync(content, cancellation);
            return true;
        });

    /// <summary>The same, as a stream that may be read again; nothing is replaced when it says false.</summary>
    public static async Task<bool> Write(string path, Func<FileStream, Task<bool>> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || Directory.Exists(path))
            throw new CommandFailedException(ExitCodes.Usage, $"{path} is a folder; a file to write is expected.");
        if (!Directory.Exists(folder))
            throw new CommandFailedException(ExitCodes.Usage, $"{path}: there is no folder {folder}.");
        using var draft = new FileDraft(path);
        if (!await write(draft.Stream))
            return false;
        draft.Replace();
        return true;
    }
}
