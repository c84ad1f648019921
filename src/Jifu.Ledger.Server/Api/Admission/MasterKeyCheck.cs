using System.Security.Cryptography;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Refuses a master key that is not this database's, before anything is sealed with it.</summary>
internal static class MasterKeyCheck
{
    // Most often the first opens. A wrong server may have added others once, but later.
    private const string SealedSql = """
        SELECT key_id, secret_sealed FROM app.api_key WHERE secret_sealed IS NOT NULL
        ORDER BY revoked_at IS NOT NULL, created_at, key_id
        """;

    /// <summary>Quiet when the key opens one of the secrets, and when there are none. Makes no key.</summary>
    /// <exception cref="InvalidOperationException">It opens none, or there is no key.</exception>
    public static async Task MustOpen(HomeFolder home, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SealedSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return;
        if (!home.HasMasterKey)
            throw new InvalidOperationException(Sentence(home, "is missing, and the database has sealed secrets"));
        var secrets = new SealedSecrets(home);
        do
        {
            if (Opens(secrets, reader.GetString(0), reader.GetFieldValue<byte[]>(1)))
                return;
        }
        while (await reader.ReadAsync(cancellation));
        throw new InvalidOperationException(Sentence(home, "opens none of the secrets in the database"));
    }

    private static bool Opens(SealedSecrets secrets, string keyId, byte[] box)
    {
        try
        {
            CryptographicOperations.ZeroMemory(secrets.Open(keyId, box));
            return true;
        }
        catch (Exception e) when (e is CryptographicException or OverflowException)
        {
            return false;
        }
    }

    private static string Sentence(HomeFolder home, string what) =>
        $"{home.MasterKeyFile} {what}: put back the one that belongs to this database, from the backup of its home "
        + "folder or from another server of it, or check Jifu__Home and ConnectionStrings__Ledger.";
}
