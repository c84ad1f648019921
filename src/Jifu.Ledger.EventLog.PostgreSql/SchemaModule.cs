using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>One room's tables: its embedded SQL files, named <c>NNN_name.sql</c> and applied in the order of their
/// names.</summary>
/// <param name="Name">The module's stable name, kept with each applied file.</param>
/// <param name="Assembly">What embeds the files.</param>
/// <param name="ResourcePrefix">What their resource names begin with: <c>Jifu.Ledger.ReadModels.Schema.</c></param>
public sealed record SchemaModule(string Name, Assembly Assembly, string ResourcePrefix)
{
    /// <summary>The event log's own tables. They come first: other modules may refer to them.</summary>
    public static readonly SchemaModule EventLog =
        new("log", typeof(SchemaModule).Assembly, "Jifu.Ledger.EventLog.PostgreSql.Schema.");

    /// <exception cref="InvalidOperationException">No file has the prefix, so the module is misnamed.</exception>
    internal IReadOnlyList<SchemaFile> Files()
    {
        var files = Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)
                && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .ToList();
        return files.Count > 0
            ? files
            : throw new InvalidOperationException(
                $"{Assembly.GetName().Name} embeds no SQL file under {ResourcePrefix}");
    }

    private SchemaFile Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new(Name, resource[ResourcePrefix.Length..], text, checksum);
    }
}

/// <summary>One file of a module.</summary>
internal sealed record SchemaFile(string Module, string Name, string Text, string Checksum);

/// <summary>The database does not fit this program's schema files; starting would be a guess.</summary>
public sealed class SchemaMismatchException(string message) : Exception(message);
