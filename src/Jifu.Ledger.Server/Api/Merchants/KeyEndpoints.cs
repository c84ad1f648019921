using FluentValidation;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Merchants;

/// <summary>Asks for a key.</summary>
/// <param name="PublicKey">For <c>rsa_sha256</c>: the public key as PEM. The private key never leaves the
/// merchant.</param>
internal sealed record KeyRequest(KeyAlgorithm Algorithm, string? PublicKey = null);

/// <summary>A key just made.</summary>
/// <param name="Secret">For <c>hmac_sha256</c>: the secret, 32 bytes in Base64. It is told this once.</param>
internal sealed record NewKey(string KeyId, KeyAlgorithm Algorithm, string? Secret);

/// <summary>A public key comes with RSA, and with nothing else.</summary>
internal sealed class KeyRules : AbstractValidator<KeyRequest>
{
    public KeyRules()
    {
        RuleFor(request => request.Algorithm).NotEqual(KeyAlgorithm.None)
            .WithMessage("must be rsa_sha256 or hmac_sha256");
        RuleFor(request => request.PublicKey).Null().When(request => request.Algorithm != KeyAlgorithm.RsaSha256)
            .WithMessage("comes with rsa_sha256 only");
        RuleFor(request => request.PublicKey).Must(pem => pem is not null && Admission.PublicKey.Read(pem) is not null)
            .When(request => request.Algorithm == KeyAlgorithm.RsaSha256)
            .WithErrorCode("public_key_invalid").WithMessage("must be the PEM of an RSA public key, 2048 to 8192 bits");
    }
}

/// <summary>Keys of merchants (验签密钥).</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder v1)
    {
        var keys = v1.MapGroup("/merchants/{merchant_id:maxlength(32)}/keys").WithTags("Keys 密钥");
        keys.MapPost("", Add).Admits(Role.Operator)
            .WithSummary("Make a secret, or register a public key 新增密钥")
            .WithDescription("An HMAC secret is told once, in this answer; a repeat makes another. 密钥只返回一次。")
            .Produces<NewKey>(StatusCodes.Status201Created);
        keys.MapDelete("/{key_id}", Revoke).Admits(Role.Operator)
            .WithSummary("Revoke a key at once 吊销密钥").Produces<MerchantView>();
    }

    private static async Task<IResult> Add(
        string merchant_id, JsonBody<KeyRequest> body, Caller caller, KeyDesk desk, HttpContext context)
    {
        var merchant = new MerchantId(merchant_id);
        var metadata = caller.Metadata(context);
        context.Response.Headers.CacheControl = "no-store";
        if (body.Value.Algorithm == KeyAlgorithm.HmacSha256)
        {
            var (made, keyId, secret) = await desk.AddSecret(merchant, metadata, context.RequestAborted);
            return Answer(
                made.Rejection, merchant, new(keyId, KeyAlgorithm.HmacSha256, Convert.ToBase64String(secret)));
        }

        var publicKey = PublicKey.Read(body.Value.PublicKey!)!;
        var (registered, name) = await desk.AddPublicKey(merchant, publicKey, metadata, context.RequestAborted);
        return Answer(registered.Rejection, merchant, new(name, KeyAlgorithm.RsaSha256, null));
    }

    private static async Task<IResult> Revoke(
        string merchant_id, string key_id, Caller caller, KeyDesk desk, HttpContext context)
    {
        var merchant = new MerchantId(merchant_id);
        return MerchantEndpoints.Answer(
            merchant, await desk.Revoke(merchant, key_id, caller.Metadata(context), context.RequestAborted));
    }

    private static IResult Answer(MerchantRejection? rejection, MerchantId merchant, NewKey key) =>
        rejection is { } rule
            ? Problem.Of(rule, $"Merchant {merchant}.")
            : Results.Created($"/v1/merchants/{merchant}/keys/{key.KeyId}", key);
}
