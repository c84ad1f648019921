using System.Text.Json;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Cli.Api;

/// <summary>The server's own folder as the command line reads it: where the server listens, and the operator's
/// key.</summary>
internal sealed class HomeFiles(string folder)
{
    private const string OperatorName = "operator.json";
    private const string AuditorName = "auditor.json";

    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public string Folder => folder;

    /// <summary>The folder named by <c>Jifu__Home</c>, or <c>.jifu</c> here.</summary>
    public static HomeFiles Default =>
        new(Path.GetFullPath(Environment.GetEnvironmentVariable("Jifu__Home") ?? ".jifu"));

    /// <summary>Where the server can be reached; null while none runs.</summary>
    public Uri? Server() =>
        Read<ServerFile>("server.json") is { } file ? new Uri(file.Url) : null;

    /// <exception cref="CommandFailedException">No server has run here yet, or the folder is an auditor's.</exception>
    public OperatorFile Operator() => Read<OperatorFile>(OperatorName)
        ?? throw (Read<OperatorFile>(AuditorName) is null
            ? new CommandFailedException(
                ExitCodes.Unreachable,
                $"{folder} holds no key, neither {OperatorName} nor {AuditorName} for what only reads. ./scripts/run "
                + "makes both; of a server elsewhere, keep the key that you were given there, or name that folder in "
                + "Jifu__Home.")
            : new CommandFailedException(
                ExitCodes.Usage,
                $"This needs a key of the role operator, and {folder} holds an auditor's, which only reads. Ask an "
                + "operator for one (jifu keys create --role operator) and keep it there as operator.json."));

    /// <summary>The key that reads everything and changes nothing, or else the operator's.</summary>
    /// <exception cref="CommandFailedException">No server has run here yet.</exception>
    public OperatorFile Auditor() => Read<OperatorFile>(AuditorName) ?? Operator();

    /// <summary>A key in a file of anybody's.</summary>
    /// <exception cref="CommandFailedException">The file holds none.</exception>
    public static OperatorFile KeyIn(string path) =>
        new HomeFiles(Path.GetDirectoryName(path)!).Read<OperatorFile>(Path.GetFileName(path))
        ?? throw new CommandFailedException(ExitCodes.Usage, $"{path} holds no key as jifu keys create prints it.");

    public T? Read<T>(string name) where T : class
    {
        var file = Path.Combine(folder, name);
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), Names)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a file for its owner's eyes only, whole or not at all.</summary>
    public void Write<T>(string name, T content) => FileDraft.Replace(
        Path.Combine(folder, name), JsonSerializer.SerializeToUtf8Bytes(content, Names),
        UnixFileMode.UserRead | UnixFileMode.UserWrite);

    public void Delete(string name) => File.Delete(Path.Combine(folder, name));

    private sealed record ServerFile(string Url, int Pid);
}

/// <summary>The operator's or the auditor's key as the server wrote it; the secret in Base64.</summary>
internal sealed record OperatorFile(string KeyId, string Algorithm, string Secret);
