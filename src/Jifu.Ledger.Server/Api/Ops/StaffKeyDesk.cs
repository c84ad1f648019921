using System.Security.Cryptography;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Upkeep;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Makes keys that belong to no merchant, and ends them: made is told before it signs, and ended is told when
/// it signs no more, so that the log tells of every key that signs.</summary>
/// <remarks>When the second step fails, a made key signs nothing, and an ending is to be repeated to be told.</remarks>
internal sealed class StaffKeyDesk(IEventLog log, EventCodec codec, KeyRing ring, IdSource ids, TimeProvider time)
{
    /// <summary>Makes a key of this role. Its secret is told this once.</summary>
    /// <param name="person">For whom; null where that is not said.</param>
    public async Task<OperatorKey> Add(
        Role role, string? person, EventMetadata metadata, CancellationToken cancellation)
    {
        var kind = role switch { Role.Operator => "op", Role.Auditor => "au", _ => "ev" };
        var (keyId, secret) = ($"{kind}_{ids.Next():N}", NewSecret.Make());
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(secret));
        await log.TryAppend<StaffKeyEvent>(
            codec, ids, StreamOf(keyId), -1,
            [new StaffKeyEvent.Added(keyId, SnakeCase.Of($"{role}"), fingerprint, Now, person)], metadata,
            cancellation);
        await ring.Add(new(keyId, role, null), KeyAlgorithm.HmacSha256, secret, metadata.Actor, person, cancellation);
        return new(keyId, "hmac_sha256", Convert.ToBase64String(secret));
    }

    /// <summary>Ends a key; told once, however often it is asked.</summary>
    public async Task Revoke(string keyId, EventMetadata metadata, CancellationToken cancellation)
    {
        await ring.Revoke(keyId, cancellation);

        // Whoever comes first has told it: then there is nothing more to tell.
        var history = await log.Load<StaffKeyEvent>(codec, StreamOf(keyId), cancellation);
        if (!history.Events.OfType<StaffKeyEvent.Revoked>().Any())
            await log.TryAppend<StaffKeyEvent>(
                codec, ids, StreamOf(keyId), history.Version, [new StaffKeyEvent.Revoked(keyId, Now)], metadata,
                cancellation);
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    private static StreamName StreamOf(string keyId) => new("staffkey", keyId);
}
