using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Server.Evidence;

namespace Jifu.Ledger.Server.Composition;

/// <summary>The server's own folder: the master key, the operator's key for the command line, where it
/// listens.</summary>
internal sealed class HomeFolder
{
    private const string MasterKeyName = "master.key";
    private const string OperatorName = "operator.json";
    private const string AuditorName = "auditor.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Keys = [MasterKeyName, OperatorName, AuditorName, CheckpointKeys.Secret];

    // Relaxed, so that a shell finds a secret's plus as a plus.
    private static readonly JsonSerializerOptions Snake = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _folder;

    public HomeFolder(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>Quiet when files can be made here, and the keys that are here can be read.</summary>
    /// <exception cref="IOException">They cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">We may not.</exception>
    public void MustServe()
    {
        var probe = In(System.IO.Path.GetRandomFileName());
        try
        {
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)
                .Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The name is made up: whoever looks for it finds nothing.
            throw new IOException(
                $"no file can be made in it: {e.Message.Replace(probe, _folder, StringComparison.Ordinal)}", e);
        }

        foreach (var key in Keys.Select(In).Where(System.IO.Path.Exists))
            File.OpenRead(key).Dispose();
    }

    public string Path => _folder;

    public string MasterKeyFile => In(MasterKeyName);

    public bool HasMasterKey => File.Exists(MasterKeyFile);

    /// <summary>The 32 bytes that seal every secret in the database; made at first start, of a database that has none
    /// (<c>MasterKeyCheck</c> comes first).</summary>
    /// <exception cref="InvalidOperationException">Others than the owner may read the file, or it is no
    /// key.</exception>
    public byte[] MasterKey()
    {
        if (!HasMasterKey)
        {
            // Two servers may start here at once: the first key is the key.
            using var draft = new FileDraft(MasterKeyFile, OwnerOnly);
            draft.Stream.Write(RandomNumberGenerator.GetBytes(32));
            draft.TryCreate();
        }

        return ReadSecret(MasterKeyName) is { Length: 32 } key
            ? key
            : throw new InvalidOperationException($"{MasterKeyFile} is no key of 32 bytes; put the right file back.");
    }

    /// <summary>A file that is for its owner's eyes only; null when it is not there.</summary>
    /// <exception cref="InvalidOperationException">Others than the owner may read it.</exception>
    public byte[]? ReadSecret(string name)
    {
        var file = In(name);
        if (!File.Exists(file))
            return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
            throw new InvalidOperationException($"{file} can be read by others than its owner: chmod 600 {file}");
        return File.ReadAllBytes(file);
    }

    /// <summary>Writes a file for its owner's eyes only, whole or not at all.</summary>
    public void Write(string name, byte[] content) => FileDraft.Replace(In(name), content, OwnerOnly);

    /// <summary>The texts of a folder's files, in the order of their names; none when there is no such
    /// folder.</summary>
    public IReadOnlyList<string> Texts(string folder, string pattern) => Directory.Exists(In(folder))
        ? [.. Directory.GetFiles(In(folder), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllText)]
        : [];

    /// <summary>The operator's key that the command line signs with; null when there is none yet.</summary>
    public OperatorKey? ReadOperatorKey() => ReadKey(OperatorName);

    /// <summary>The key that reads everything and changes nothing; null when there is none yet.</summary>
    public OperatorKey? ReadAuditorKey() => ReadKey(AuditorName);

    public void WriteOperatorKey(OperatorKey key) => WriteKey(OperatorName, key);

    public void WriteAuditorKey(OperatorKey key) => WriteKey(AuditorName, key);

    /// <summary>Says where the server that runs now can be reached.</summary>
    public void WriteServer(string url) => Write("server.json", JsonSerializer.SerializeToUtf8Bytes(
        new { url, pid = Environment.ProcessId }, Snake));

    public void DeleteServer() => File.Delete(In("server.json"));

    /// <summary>A file of the folder; null when there is none.</summary>
    public string? ReadText(string name) => File.Exists(In(name)) ? File.ReadAllText(In(name)) : null;

    public void WriteText(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes free where this folder is.</summary>
    public long FreeBytes() => new DriveInfo(_folder).AvailableFreeSpace;

    private OperatorKey? ReadKey(string name) => File.Exists(In(name))
        ? JsonSerializer.Deserialize<OperatorKey>(File.ReadAllBytes(In(name)), Snake)
        : null;

    private void WriteKey(string name, OperatorKey key) =>
        Write(name, JsonSerializer.SerializeToUtf8Bytes(key, Snake));

    private string In(string name) => System.IO.Path.Combine(_folder, name);
}

/// <summary>A key and its secret (base64) as they stand in operator.json and auditor.json.</summary>
internal sealed record OperatorKey(string KeyId, string Algorithm, string Secret);
