using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Server.Api.Admission;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>Lets in who shows a key that may: its id is the user's name, its secret the password.</summary>
internal sealed class FaceDoor(KeyRing ring)
{
    private const string Scheme = "Basic ";

    private static readonly Role[] Readers = [Role.Auditor, Role.Operator, Role.EventWriter, Role.LedgerNode];
    private static readonly Role[] Writers = [Role.EventWriter, Role.LedgerNode];

    public async Task Reader(FaceCall call, Func<FaceCall, Admission, Task> answer) =>
        await (await Admitted(call, Readers, "read")).Answer(answer);

    public async Task Writer(FaceCall call, Func<FaceCall, Admission, Task> answer) =>
        await (await Admitted(call, Writers, "append")).Answer(answer);

    private async Task<Admission> Admitted(FaceCall call, Role[] roles, string what)
    {
        var (keyId, password) = Credentials(call.Authorization);
        if (await ring.Find(keyId, call.Ended) is not { Revoked: false, Algorithm: KeyAlgorithm.HmacSha256 } key
            || !IsSecret(password, key.Material))
            throw new GrpcException(
                Code.Unauthenticated,
                "The user's name is the id of a key that is not revoked, the password its secret.");
        return roles.Contains(key.Caller.Role)
            ? new(ring, call, key.Caller)
            : throw FaceRefusals.AccessDenied(
                $"{keyId} is a key of role {SnakeCase.Of($"{key.Caller.Role}")}, which may not {what} events.");
    }

    private static (string KeyId, string Password) Credentials(string? authorization)
    {
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
            throw new GrpcException(
                Code.Unauthenticated,
                "Nobody reads or appends here without a key. Clients that hold theirs back without TLS come to the "
                + "address with TLS.");
        var bytes = new byte[authorization.Length];
        if (Convert.TryFromBase64String(authorization[Scheme.Length..].Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var keyId, var password])
            return (keyId, password);
        throw new GrpcException(Code.Unauthenticated, "The authorization is not NAME:PASSWORD in Base64.");
    }

    /// <summary>The secret in Base64, or in the Base64 that needs no escape in a connection string.</summary>
    private static bool IsSecret(string password, byte[] secret)
    {
        var plain = password.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(plain), Encoding.UTF8.GetBytes(Convert.ToBase64String(secret).TrimEnd('=')));
    }
}
