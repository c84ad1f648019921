using Dapper;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Which nonces were used. Asked only after a signature was right, so that strangers fill no table.</summary>
/// <remarks>That of a request which wrote anything is on the disk before what it wrote. Of one that only looked, the
/// nonce may be used again after the database died within the second.</remarks>
internal sealed class Nonces
{
    private readonly SharedWrites<Used, bool> _writes;

    public Nonces(Databases databases) => _writes = new(() => databases.Quick.OpenConnectionAsync().AsTask(), Use);

    /// <summary>True the first time.</summary>
    public Task<bool> Use(string keyId, string nonce, CancellationToken cancellation) =>
        _writes.Write(new(keyId, nonce), cancellation);

    // In one order everywhere, so that no two servers wait for each other.
    private static async Task<IReadOnlyList<bool>> Use(NpgsqlConnection connection, IReadOnlyList<Used> all)
    {
        var sorted = all.Distinct().Order(Used.ByText).ToList();
        var first = (await connection.QueryAsync<Used>($"""
            INSERT INTO app.nonce (key_id, nonce) SELECT unnest(@keys), unnest(@nonces) FROM {DiskLater.Sql}
            ON CONFLICT DO NOTHING RETURNING key_id AS KeyId, nonce
            """, new { keys = sorted.ConvertAll(one => one.KeyId), nonces = sorted.ConvertAll(one => one.Nonce) }))
            .ToHashSet();
        return [.. all.Select(first.Remove)];
    }

    private sealed record Used(string KeyId, string Nonce)
    {
        public static readonly Comparer<Used> ByText = Comparer<Used>.Create((a, b) =>
            string.CompareOrdinal(a.KeyId, b.KeyId) is var order and not 0
                ? order
                : string.CompareOrdinal(a.Nonce, b.Nonce));
    }
}
