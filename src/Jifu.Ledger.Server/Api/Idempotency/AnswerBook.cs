using System.Collections.Concurrent;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Idempotency;

/// <summary>An answer as it was given, byte by byte.</summary>
internal sealed record KeptAnswer(short Status, string? ContentType, string? Location, byte[] Body);

/// <summary>What a key's row says to a request that comes with it.</summary>
internal abstract record Claim
{
    private Claim() { }

    /// <summary>The request is to be carried out, and its answer written under this token.</summary>
    public sealed record Granted(string Token) : Claim;

    /// <summary>It was carried out before.</summary>
    public sealed record Answered(KeptAnswer Answer) : Claim;

    /// <summary>Somebody is carrying it out.</summary>
    public sealed record UnderWay : Claim;

    /// <summary>The key stands for another request.</summary>
    public sealed record Reused : Claim;
}

/// <summary>What was answered to each Idempotency-Key. A claim is renewed while its request is carried out, so that
/// of a process that died ends by itself within seconds.</summary>
/// <remarks>A claim saves work and gives each repeat the same bytes; that a command counts once it does not have to
/// bring about. Its business number does, also between requests of different keys. So a process that was only stuck,
/// and goes on beside the one that took its claim, doubles nothing.</remarks>
internal sealed class AnswerBook(Databases databases, IdSource ids)
{
    private static readonly TimeSpan RenewedAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (string Scope, string Key, long Since)> _underWay =
        new(StringComparer.Ordinal);

    public async Task<Claim> Take(string scope, string key, byte[] fingerprint, CancellationToken cancellation)
    {
        var token = ids.Next().ToString("N");
        await using var connection = await databases.Quick.OpenConnectionAsync(cancellation);
        while (true)
        {
            var taken = await connection.ExecuteAsync(new("""
                INSERT INTO app.idempotency_key AS k (scope, key, fingerprint, claimed_by, leased_until)
                VALUES (@scope, @key, @fingerprint, @token, now() + interval '5 seconds')
                ON CONFLICT (scope, key) DO UPDATE
                SET claimed_by = excluded.claimed_by, leased_until = excluded.leased_until
                WHERE k.status IS NULL AND k.leased_until < now() AND k.fingerprint = excluded.fingerprint
                """, new { scope, key, fingerprint, token }, cancellationToken: cancellation));
            if (taken == 1)
            {
                _underWay[token] = (scope, key, TimeProvider.System.GetTimestamp());
                return new Claim.Granted(token);
            }

            var row = await connection.QuerySingleOrDefaultAsync<Row>(new("""
                SELECT fingerprint, status, content_type AS ContentType, location, body
                FROM app.idempotency_key WHERE scope = @scope AND key = @key
                """, new { scope, key }, cancellationToken: cancellation));
            if (row is not null)
                return Said(row, fingerprint);

            // The claim that stood in the way was given back between the two statements.
        }
    }

    /// <summary>Keeps the answer for repeats. Without effect when the claim has ended and another took it.</summary>
    public async Task Write(string scope, string key, string token, KeptAnswer answer)
    {
        _underWay.TryRemove(token, out _);
        await using var connection = await databases.Quick.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync("""
            UPDATE app.idempotency_key
            SET status = @Status, content_type = @ContentType, location = @Location, body = @Body
            WHERE scope = @scope AND key = @key AND claimed_by = @token AND status IS NULL
            """, new { scope, key, token, answer.Status, answer.ContentType, answer.Location, answer.Body });
    }

    /// <summary>Gives the claim back: nothing came of the request that a repeat should get again.</summary>
    public async Task Release(string scope, string key, string token)
    {
        _underWay.TryRemove(token, out _);
        await using var connection = await databases.Quick.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync("""
            DELETE FROM app.idempotency_key
            WHERE scope = @scope AND key = @key AND claimed_by = @token AND status IS NULL
            """, new { scope, key, token });
    }

    /// <summary>Renews the claims whose requests take long. To be called each second.</summary>
    public async Task Renew(CancellationToken cancellation)
    {
        var old = _underWay.Where(claim => TimeProvider.System.GetElapsedTime(claim.Value.Since) >= RenewedAfter)
            .ToList();
        if (old.Count == 0)
            return;
        var (scopes, keys, tokens) = (
            old.ConvertAll(claim => claim.Value.Scope), old.ConvertAll(claim => claim.Value.Key),
            old.ConvertAll(claim => claim.Key));
        await using var connection = await databases.Quick.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new("""
            UPDATE app.idempotency_key AS k SET leased_until = now() + interval '5 seconds'
            FROM unnest(@scopes, @keys, @tokens) AS claim (scope, key, token)
            WHERE k.scope = claim.scope AND k.key = claim.key AND k.claimed_by = claim.token AND k.status IS NULL
            """, new { scopes, keys, tokens }, cancellationToken: cancellation));
    }

    private static Claim Said(Row row, byte[] fingerprint)
    {
        if (!row.Fingerprint.AsSpan().SequenceEqual(fingerprint))
            return new Claim.Reused();
        return row.Status is { } status
            ? new Claim.Answered(new(status, row.ContentType, row.Location, row.Body!))
            : new Claim.UnderWay();
    }

    private sealed record Row(byte[] Fingerprint, short? Status, string? ContentType, string? Location, byte[]? Body);
}
