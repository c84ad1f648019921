using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Asks for a key that belongs to no merchant.</summary>
/// <param name="Person">For whom; keys that name the same person are one person where two are asked for.</param>
internal sealed record StaffKeyRequest(Role Role, string? Person = null)
{
    private const int PersonMax = 64;

    /// <summary>What people can tell from another name by looking at it.</summary>
    public bool IsPersonTold => Person is null
        || (Person.Length is > 0 and <= PersonMax && Person == Person.Trim() && !Person.Any(char.IsControl));
}

/// <summary>A key without what it signs with.</summary>
/// <param name="MerchantId">Whose; absent where it belongs to no merchant.</param>
/// <param name="MadeBy">The key that made it, as events name the actor; <c>installation</c> for the first ones; absent
/// where nobody noted it.</param>
/// <param name="Person">For whom it was made; absent where that was not said.</param>
/// <param name="EndedAt">Since when it signs nothing; absent while it does.</param>
internal sealed record KeyLine(
    string KeyId, string Role, string? MerchantId, string Algorithm, string? MadeBy, string? Person,
    DateTimeOffset MadeAt, DateTimeOffset? EndedAt)
{
    public static KeyLine Of(KeyRow row) => new(
        row.KeyId, row.Role, row.MerchantId, row.Algorithm, row.MadeBy, row.Person,
        PaymentView.InShanghai(row.MadeAt)!.Value, PaymentView.InShanghai(row.EndedAt));
}

/// <summary>Keys of those who check the books, and of programs that read and write events.</summary>
internal static class StaffKeyEndpoints
{
    private static readonly Role[] Roles = [Role.Operator, Role.Auditor, Role.EventWriter, Role.LedgerNode];

    public static void MapStaffKeys(this IEndpointRouteBuilder v1)
    {
        var keys = v1.MapGroup("/ops/keys").WithTags("Keys 密钥");
        keys.MapPost("", Add).Admits(Role.Operator)
            .WithSummary("Make a key for a colleague, an auditor or a program 新增人员或程序密钥")
            .WithDescription("Each operator has a key of their own, made by the first key: what one proposes, another "
                + "has to approve, keys that an operator makes count as that operator, and keys that name the same "
                + "person as that person. An auditor reads all and changes nothing. The secret is told once, in this "
                + "answer.")
            .Produces<OperatorKey>(StatusCodes.Status201Created);
        keys.MapGet("", List).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Every key, merchants' too: who made it, when, and when it ended 密钥列表")
            .WithDescription("Oldest first, ended ones too, only those of a role or of merchant_id if that is said. "
                + "Never a secret.")
            .Produces<Page<KeyLine>>();
        keys.MapDelete("/{key_id}", Revoke).Admits(Role.Operator)
            .WithSummary("Revoke such a key at once 吊销该密钥").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(
        string? role, string? merchant_id, int? limit, string? cursor, KeyList keys, Cursors cursors,
        CancellationToken cancellation)
    {
        var only = Enum.GetValues<Role>().Where(one => SnakeCase.Of($"{one}") == role).Cast<Role?>().FirstOrDefault();
        if (role is not null && only is null)
            return new Problem(
                "parameter_invalid", "role is merchant, operator, auditor, event_writer or ledger_node.");
        return await cursors.Page(
            limit, cursor, $"keys {role} {merchant_id}", 0,
            (after, count) => keys.After(only, merchant_id, after, count, cancellation), row => row.No, KeyLine.Of);
    }

    private static async Task<IResult> Add(
        JsonBody<StaffKeyRequest> body, Caller caller, KeyRing ring, StaffKeyDesk desk, HttpContext context)
    {
        if (!Roles.Contains(body.Value.Role))
            return new Problem("field_invalid", "$.role: must be operator, auditor, event_writer or ledger_node");
        if (!body.Value.IsPersonTold)
            return new Problem(
                "field_invalid",
                "$.person: must be 1 to 64 characters, without spaces at its ends or control characters");

        // It writes what no second person has approved.
        if (body.Value.Role is Role.LedgerNode && !await ring.IsFirst(caller.KeyId, context.RequestAborted))
            return new Problem("key_is_not_first", $"Key {caller.KeyId} cannot make a key that writes every event.");
        context.Response.Headers.CacheControl = "no-store";
        var key = await desk.Add(
            body.Value.Role, body.Value.Person, caller.Metadata(context), context.RequestAborted);
        return Results.Created($"/v1/ops/keys/{key.KeyId}", key);
    }

    // Nobody locks the door with their own key inside.
    private static async Task<IResult> Revoke(
        string key_id, Caller caller, KeyRing ring, StaffKeyDesk desk, HttpContext context)
    {
        if (key_id == caller.KeyId)
            return NotFound($"{key_id} signed this request: only another operator's key revokes it.");
        var owner = (await ring.Find(key_id, context.RequestAborted))?.Caller;
        if (owner?.Merchant is { } merchant)
            return NotFound($"{key_id} belongs to a merchant: /v1/merchants/{merchant}/keys/{key_id}.");
        if (owner is null || !Roles.Contains(owner.Role))
            return NotFound($"There is no key {key_id} of a colleague, an auditor or a program.");
        await desk.Revoke(key_id, caller.Metadata(context), context.RequestAborted);
        return Results.NoContent();
    }

    private static Problem NotFound(string detail) => new("key_not_found", detail);
}
