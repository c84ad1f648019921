using Dapper;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>A key as it is listed: all but what it signs with.</summary>
internal sealed record KeyRow
{
    /// <summary>Its place in the list; keys are never deleted, so it stays.</summary>
    public required long No { get; init; }

    public required string KeyId { get; init; }
    public required string Role { get; init; }
    public string? MerchantId { get; init; }
    public required string Algorithm { get; init; }

    /// <summary>As events name the actor; <see cref="KeyRing.FirstKeys"/> for the first ones, null where nobody noted
    /// it.</summary>
    public string? MadeBy { get; init; }

    /// <summary>For whom it was made; null where that was not said.</summary>
    public string? Person { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Since when it signs nothing; null while it does.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Every key there is or was, oldest first.</summary>
internal sealed class KeyList(Databases databases)
{
    /// <param name="role">Only these; null for all.</param>
    /// <param name="merchant">Only this merchant's; null for all.</param>
    /// <param name="after">The place after which the page begins; 0 for the first.</param>
    public async Task<IReadOnlyList<KeyRow>> After(
        Role? role, string? merchant, long after, int countMax, CancellationToken cancellation)
    {
        await using var connection = await databases.Quick.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<KeyRow>(new("""
            SELECT no, key_id AS KeyId, role, merchant_id AS MerchantId, algorithm, created_by AS MadeBy, person,
                created_at AS MadeAt, revoked_at AS EndedAt
            FROM (SELECT row_number() OVER (ORDER BY created_at, key_id) AS no, * FROM app.api_key) AS key
            WHERE no > @after AND (@role::text IS NULL OR role = @role)
                AND (@merchant::text IS NULL OR merchant_id = @merchant)
            ORDER BY no LIMIT @countMax
            """, new { after, countMax, merchant, role = role is { } one ? SnakeCase.Of($"{one}") : null },
            cancellationToken: cancellation))];
    }
}
