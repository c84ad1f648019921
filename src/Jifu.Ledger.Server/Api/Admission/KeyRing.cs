using System.Collections.Concurrent;
using Dapper;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>The keys that requests may be signed with. Keeps each it has met for four seconds; a revocation made by
/// this process acts at once, one by another process after those seconds.</summary>
internal sealed class KeyRing(Databases databases, SealedSecrets secrets)
{
    /// <summary>By whom the first keys of an installation are made, in the place of an actor.</summary>
    public const string FirstKeys = "installation";

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<string, (ApiKey Key, long Read)> _kept = new(StringComparer.Ordinal);
    private int _changes;

    /// <summary>The key of that name, revoked or not; null when there is none.</summary>
    public async Task<ApiKey?> Find(string keyId, CancellationToken cancellation)
    {
        if (_kept.TryGetValue(keyId, out var kept) && TimeProvider.System.GetElapsedTime(kept.Read) < KeptFor)
            return kept.Key;
        var changes = Volatile.Read(ref _changes);
        var read = TimeProvider.System.GetTimestamp();
        await using var connection = await CallerPatience.Open(databases.Quick, cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new("""
            SELECT merchant_id AS merchant, role, algorithm, coalesce(public_key, secret_sealed) AS material,
                   revoked_at IS NOT NULL AS revoked
            FROM app.api_key WHERE key_id = @keyId
            """, new { keyId }, cancellationToken: cancellation));
        var key = row is null ? null : KeyOf(keyId, row);

        // What was read before a change must not outlive it.
        if (key is not null && changes == Volatile.Read(ref _changes))
            _kept[keyId] = (key, read);
        return key;
    }

    /// <summary>Whether the installation itself made the key.</summary>
    public async Task<bool> IsFirst(string keyId, CancellationToken cancellation)
    {
        await using var connection = await CallerPatience.Open(databases.Quick, cancellation);
        return await connection.QuerySingleAsync<bool>(new(
            "SELECT EXISTS (SELECT FROM app.api_key WHERE key_id = @keyId AND created_by = @first)",
            new { keyId, first = FirstKeys }, cancellationToken: cancellation));
    }

    /// <summary>Whether two actors count as one person: they are the same key, or the one has made the other, or
    /// somebody else's key has made both, be it by way of others. Only the first keys of all make keys for several
    /// people; those that are made for people of one name are one person all the same.</summary>
    public async Task<bool> AreOnePerson(string actor, string other, CancellationToken cancellation)
    {
        if (actor == other)
            return true;
        await using var connection = await CallerPatience.Open(databases.Quick, cancellation);
        return await connection.QuerySingleAsync<bool>(new("""
            WITH RECURSIVE line AS (
                SELECT 'key:' || key_id AS of, 'key:' || key_id AS actor, created_by, lower(person) AS person
                FROM app.api_key
                WHERE 'key:' || key_id IN (@actor, @other)
                UNION
                SELECT l.of, 'key:' || k.key_id, k.created_by, lower(k.person)
                FROM line l JOIN app.api_key k ON k.key_id = substr(l.created_by, 5))
            SELECT EXISTS (SELECT FROM line a JOIN line b ON a.actor = b.actor OR a.person = b.person
                WHERE a.of = @actor AND b.of = @other
                    AND (a.person = b.person OR a.actor IN (@actor, @other)
                        OR a.created_by IS DISTINCT FROM @first))
            """, new { actor, other, first = FirstKeys }, cancellationToken: cancellation));
    }

    /// <summary>Keeps a key for good; quiet when it is there already.</summary>
    /// <param name="by">Who made it, as events name the actor.</param>
    /// <param name="person">For whom; null where that is not said.</param>
    public async Task Add(
        Caller owner, KeyAlgorithm algorithm, byte[] material, string by, string? person,
        CancellationToken cancellation)
    {
        var isSecret = algorithm == KeyAlgorithm.HmacSha256;
        await using var connection = await databases.Durable.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new("""
            INSERT INTO app.api_key (key_id, merchant_id, role, algorithm, public_key, secret_sealed, created_by,
                person)
            VALUES (@KeyId, @merchant, @role, @algorithm, @publicKey, @secret, @by, @person)
            ON CONFLICT (key_id) DO UPDATE SET created_by = @by
                WHERE api_key.created_by IS NULL AND @by = @first
            """, new
            {
                owner.KeyId,
                merchant = owner.Merchant?.Value,
                role = SnakeCase.Of($"{owner.Role}"),
                algorithm = isSecret ? "hmac_sha256" : "rsa_sha256",
                publicKey = isSecret ? null : material,
                secret = isSecret ? secrets.Seal(owner.KeyId, material) : null,
                by,
                person,
                first = FirstKeys,
            }, cancellationToken: cancellation));
        Forget(owner.KeyId);
    }

    /// <summary>Lets the key sign nothing more; quiet when it could not anyway.</summary>
    public async Task Revoke(string keyId, CancellationToken cancellation)
    {
        await using var connection = await databases.Durable.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new(
            "UPDATE app.api_key SET revoked_at = now() WHERE key_id = @keyId AND revoked_at IS NULL",
            new { keyId }, cancellationToken: cancellation));
        Forget(keyId);
    }

    private void Forget(string keyId)
    {
        Interlocked.Increment(ref _changes);
        _kept.TryRemove(keyId, out _);
    }

    private ApiKey KeyOf(string keyId, Row row)
    {
        var role = Enum.GetValues<Role>().Single(role => SnakeCase.Of($"{role}") == row.Role);
        var caller = new Caller(keyId, role, row.Merchant is { } merchant ? new MerchantId(merchant) : null);
        return row.Algorithm == "hmac_sha256"
            ? new(caller, KeyAlgorithm.HmacSha256, secrets.Open(keyId, row.Material), row.Revoked)
            : new(caller, KeyAlgorithm.RsaSha256, row.Material, row.Revoked);
    }

    private sealed record Row(string? Merchant, string Role, string Algorithm, byte[] Material, bool Revoked);
}
