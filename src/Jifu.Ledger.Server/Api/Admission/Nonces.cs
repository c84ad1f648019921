using Dapper;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Which nonces were used. Asked only after a signature was right, so that strangers fill no table.</summary>
internal sealed class Nonces(Databases databases)
{
    /// <summary>True the first time.</summary>
    public async Task<bool> Use(string keyId, string nonce, CancellationToken cancellation)
    {
        await using var connection = await databases.Quick.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new(
            "INSERT INTO app.nonce (key_id, nonce) VALUES (@keyId, @nonce) ON CONFLICT DO NOTHING",
            new { keyId, nonce }, cancellationToken: cancellation)) == 1;
    }
}
