using System.Text;

namespace Jifu.Ledger.Server.Api.Docs;

/// <summary>Texts that are part of the program.</summary>
internal static class Embedded
{
    private const string Prefix = "Jifu.Ledger.Server.Api.Docs.Pages.";

    /// <exception cref="ArgumentException">The program holds no such text.</exception>
    public static string Text(string name) => Find(Prefix + name)
        ?? throw new ArgumentException($"{name} is not embedded.", nameof(name));

    /// <summary>docs/reference/rejections.md as it was when the program was built; empty when there was
    /// none.</summary>
    public static string Rejections() => Find("rejections.md") ?? "";

    private static string? Find(string resource)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream(resource);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
