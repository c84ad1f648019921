using System.Text;

namespace Jifu.Ledger.Server.Api.Docs;

/// <summary>Texts that are part of the program.</summary>
internal static class Embedded
{
    private const string Prefix = "Jifu.Ledger.Server.Api.Docs.Pages.";

    /// <exception cref="ArgumentException">The program holds no such text.</exception>
    public static string Text(string name) => Resource(Prefix + name);

    /// <summary>docs/reference/rejections.md as it was when the program was built.</summary>
    public static string Rejections() => Resource("rejections.md");

    private static string Resource(string name)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"{name} is not embedded.", nameof(name));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
