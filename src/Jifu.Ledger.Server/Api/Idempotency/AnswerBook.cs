using System.Collections.Concurrent;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Idempotency;

/// <summary>An answer as it was given, byte by byte.</summary>
internal sealed record KeptAnswer(short Status, string? ContentType, string? Location, byte[] Body);

/// <summary>A key that a request claims.</summary>
/// <param name="Token">Of this request alone.</param>
internal sealed record ClaimedKey(string Scope, string Key, byte[] Fingerprint, string Token);

/// <summary>What a key's row says to a request that comes with it.</summary>
internal abstract record Claim
{
    private Claim() { }

    /// <summary>The request is to be carried out, and its answer written under this.</summary>
    public sealed record Granted(ClaimedKey Key) : Claim;

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
/// and goes on beside the one that took its claim, doubles nothing; and a claim need not be on the disk before the
/// request is carried out. An answer is, before anybody has it.</remarks>
internal sealed class AnswerBook
{
    private static readonly TimeSpan RenewedAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ClaimedKey Key, long Since)> _underWay =
        new(StringComparer.Ordinal);

    private readonly Databases _databases;
    private readonly IdSource _ids;
    private readonly SharedWrites<ClaimedKey, Claim?> _claims;
    private readonly SharedWrites<Given, bool> _answers;

    public AnswerBook(Databases databases, IdSource ids) =>
        (_databases, _ids, _claims, _answers) = (databases, ids, new(Open, Take), new(Open, Write));

    public async Task<Claim> Take(string scope, string key, byte[] fingerprint, CancellationToken cancellation)
    {
        var wanted = new ClaimedKey(scope, key, fingerprint, _ids.Next().ToString("N"));
        while (true)
        {
            // Without a claim, the one that stood in the way was given back between two statements.
            if (await _claims.Write(wanted, cancellation) is not { } claim)
                continue;
            if (claim is Claim.Granted)
                _underWay[wanted.Token] = (wanted, TimeProvider.System.GetTimestamp());
            return claim;
        }
    }

    /// <summary>Keeps the answer for repeats. Without effect when the claim has ended and another took it.</summary>
    public async Task Write(ClaimedKey key, KeptAnswer answer)
    {
        _underWay.TryRemove(key.Token, out _);

        // What is done is to be kept, however long the caller has waited before.
        CallerPatience.End();
        await _answers.Write(new(key, answer), CancellationToken.None);
    }

    /// <summary>Gives the claim back: nothing came of the request that a repeat should get again.</summary>
    public async Task Release(ClaimedKey key)
    {
        _underWay.TryRemove(key.Token, out _);
        await using var connection = await _databases.Quick.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync("""
            DELETE FROM app.idempotency_key
            WHERE scope = @Scope AND key = @Key AND claimed_by = @Token AND status IS NULL
            """, key);
    }

    /// <summary>Renews the claims whose requests take long. To be called each second.</summary>
    public async Task Renew(CancellationToken cancellation)
    {
        var old = Sorted(
            _underWay.Values.Where(claim => TimeProvider.System.GetElapsedTime(claim.Since) >= RenewedAfter)
                .Select(claim => claim.Key),
            key => key);
        if (old.Count == 0)
            return;
        await using var connection = await _databases.Quick.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new("""
            WITH old AS MATERIALIZED (
                SELECT k.scope, k.key
                FROM unnest(@scopes, @keys, @tokens) WITH ORDINALITY AS claim (scope, key, token, number)
                JOIN app.idempotency_key AS k ON k.scope = claim.scope AND k.key = claim.key
                    AND k.claimed_by = claim.token AND k.status IS NULL
                ORDER BY claim.number FOR UPDATE OF k)
            UPDATE app.idempotency_key AS k SET leased_until = now() + interval '5 seconds'
            FROM old WHERE k.scope = old.scope AND k.key = old.key
            """, new
            {
                scopes = old.ConvertAll(key => key.Scope),
                keys = old.ConvertAll(key => key.Key),
                tokens = old.ConvertAll(key => key.Token),
            }, cancellationToken: cancellation));
    }

    // In one order everywhere, so that no two servers wait for each other. Of two for one key the second finds what
    // the first has written.
    private static async Task<IReadOnlyList<Claim?>> Take(NpgsqlConnection connection, IReadOnlyList<ClaimedKey> all)
    {
        var sorted = Sorted(all.DistinctBy(one => (one.Scope, one.Key)), one => one);
        var granted = (await connection.QueryAsync<string>($"""
            INSERT INTO app.idempotency_key AS k (scope, key, fingerprint, claimed_by, leased_until)
            SELECT unnest(@scopes), unnest(@keys), unnest(@fingerprints), unnest(@tokens),
                now() + interval '5 seconds'
            FROM {DiskLater.Sql}
            ON CONFLICT (scope, key) DO UPDATE
            SET claimed_by = excluded.claimed_by, leased_until = excluded.leased_until
            WHERE k.status IS NULL AND k.leased_until < now() AND k.fingerprint = excluded.fingerprint
            RETURNING claimed_by
            """, new
            {
                scopes = sorted.ConvertAll(one => one.Scope),
                keys = sorted.ConvertAll(one => one.Key),
                fingerprints = sorted.ConvertAll(one => one.Fingerprint),
                tokens = sorted.ConvertAll(one => one.Token),
            })).ToHashSet();
        var others = all.Where(one => !granted.Contains(one.Token)).ToList();
        var rows = others is [] ? [] : await Rows(connection, others);
        return [.. all.Select(one => granted.Contains(one.Token)
            ? new Claim.Granted(one)
            : rows.TryGetValue((one.Scope, one.Key), out var row) ? Said(row, one.Fingerprint) : null)];
    }

    private static async Task<Dictionary<(string, string), Row>> Rows(
        NpgsqlConnection connection, List<ClaimedKey> asked)
    {
        var rows = await connection.QueryAsync<Row>("""
            SELECT k.scope, k.key, fingerprint, status, content_type AS ContentType, location, body
            FROM (SELECT DISTINCT unnest(@scopes) AS scope, unnest(@keys) AS key) AS asked
            JOIN app.idempotency_key AS k ON k.scope = asked.scope AND k.key = asked.key
            """, new
            {
                scopes = asked.ConvertAll(one => one.Scope),
                keys = asked.ConvertAll(one => one.Key),
            });
        return rows.ToDictionary(row => (row.Scope, row.Key));
    }

    // An insert locks what is there in the order in which it is given, and needs no plan. Nothing is there only when
    // another has taken the claim and given it back: nothing came of that one, and something of this.
    private static async Task<IReadOnlyList<bool>> Write(NpgsqlConnection connection, IReadOnlyList<Given> all)
    {
        var sorted = Sorted(all, given => given.Key);
        await connection.ExecuteAsync("""
            INSERT INTO app.idempotency_key AS k (
                scope, key, fingerprint, claimed_by, leased_until, status, content_type, location, body)
            SELECT unnest(@scopes), unnest(@keys), unnest(@fingerprints), unnest(@tokens), now(),
                unnest(@statuses), unnest(@types), unnest(@locations), unnest(@bodies)
            ON CONFLICT (scope, key) DO UPDATE
            SET status = excluded.status, content_type = excluded.content_type, location = excluded.location,
                body = excluded.body
            WHERE k.claimed_by = excluded.claimed_by AND k.status IS NULL
            """, new
            {
                scopes = sorted.ConvertAll(one => one.Key.Scope),
                keys = sorted.ConvertAll(one => one.Key.Key),
                fingerprints = sorted.ConvertAll(one => one.Key.Fingerprint),
                tokens = sorted.ConvertAll(one => one.Key.Token),
                statuses = sorted.ConvertAll(one => one.Answer.Status),
                types = sorted.ConvertAll(one => one.Answer.ContentType),
                locations = sorted.ConvertAll(one => one.Answer.Location),
                bodies = sorted.ConvertAll(one => one.Answer.Body),
            });
        return [.. all.Select(_ => true)];
    }

    private static List<T> Sorted<T>(IEnumerable<T> all, Func<T, ClaimedKey> keyOf) =>
        [.. all.OrderBy(one => keyOf(one).Scope, StringComparer.Ordinal)
            .ThenBy(one => keyOf(one).Key, StringComparer.Ordinal)];

    private Task<NpgsqlConnection> Open() => _databases.Quick.OpenConnectionAsync().AsTask();

    private static Claim Said(Row row, byte[] fingerprint)
    {
        if (!row.Fingerprint.AsSpan().SequenceEqual(fingerprint))
            return new Claim.Reused();
        return row.Status is { } status
            ? new Claim.Answered(new(status, row.ContentType, row.Location, row.Body!))
            : new Claim.UnderWay();
    }

    private sealed record Given(ClaimedKey Key, KeptAnswer Answer);

    private sealed record Row(
        string Scope, string Key, byte[] Fingerprint, short? Status, string? ContentType, string? Location,
        byte[]? Body);
}
