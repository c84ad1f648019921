using System.Security.Cryptography;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Asks for a key that belongs to no merchant.</summary>
internal sealed record StaffKeyRequest(Role Role);

/// <summary>Keys of those who check the books, and of programs that read and write events.</summary>
internal static class StaffKeyEndpoints
{
    private static readonly Role[] Roles = [Role.Operator, Role.Auditor, Role.EventWriter, Role.LedgerNode];

    public static void MapStaffKeys(this IEndpointRouteBuilder v1)
    {
        var keys = v1.MapGroup("/ops/keys").WithTags("Keys 密钥");
        keys.MapPost("", Add).Admits(Role.Operator)
            .WithSummary("Make a key for a colleague, an auditor or a program 新增人员或程序密钥")
            .WithDescription("Each operator has a key of their own: what one key proposes, another has to approve. An "
                + "auditor reads all and changes nothing. The secret is told once, in this answer.")
            .Produces<OperatorKey>(StatusCodes.Status201Created);
        keys.MapDelete("/{key_id}", Revoke).Admits(Role.Operator)
            .WithSummary("Revoke such a key at once 吊销该密钥").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> Add(
        JsonBody<StaffKeyRequest> body, KeyRing ring, IdSource ids, HttpContext context)
    {
        if (!Roles.Contains(body.Value.Role))
            return new Problem("field_invalid", "$.role: must be operator, auditor, event_writer or ledger_node");
        context.Response.Headers.CacheControl = "no-store";
        var kind = body.Value.Role switch { Role.Operator => "op", Role.Auditor => "au", _ => "ev" };
        var (keyId, secret) = ($"{kind}_{ids.Next():N}", RandomNumberGenerator.GetBytes(32));
        await ring.Add(
            new(keyId, body.Value.Role, null), KeyAlgorithm.HmacSha256, secret, context.RequestAborted);
        return Results.Created(
            $"/v1/ops/keys/{keyId}", new OperatorKey(keyId, "hmac_sha256", Convert.ToBase64String(secret)));
    }

    // Nobody locks the door with their own key inside.
    private static async Task<IResult> Revoke(
        string key_id, Caller caller, KeyRing ring, CancellationToken cancellation)
    {
        if (key_id == caller.KeyId || await ring.Find(key_id, cancellation) is not { Caller.Role: var role }
            || !Roles.Contains(role))
            return new Problem("key_not_found", $"There is no key {key_id} of a colleague, an auditor or a program.");
        await ring.Revoke(key_id, cancellation);
        return Results.NoContent();
    }
}
