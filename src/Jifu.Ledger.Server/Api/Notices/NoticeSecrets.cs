using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Notices;

/// <summary>The secret that signs a merchant's notices: made out of the master key, so that it need not be
/// kept.</summary>
internal sealed class NoticeSecrets(HomeFolder home)
{
    private readonly byte[] _masterKey = home.MasterKey();

    public byte[] Of(MerchantId merchant) =>
        HMACSHA256.HashData(_masterKey, Encoding.UTF8.GetBytes($"notices to {merchant}"));
}

/// <summary>A merchant's notice secret, as Standard Webhooks writes it.</summary>
/// <param name="Secret"><c>whsec_</c> and 32 bytes in Base64.</param>
internal sealed record NoticeSecretView(string Secret);

/// <summary>Tells a merchant how its notices are signed.</summary>
internal static class NoticeSecretEndpoints
{
    public static void MapNoticeSecret(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/notice-secret", (Caller caller, NoticeSecrets secrets, HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-store";
                return new NoticeSecretView($"whsec_{Convert.ToBase64String(secrets.Of(caller.Self))}");
            })
            .Admits(Role.Merchant).WithTags("Notices 通知")
            .WithSummary("The secret that signs your notices 通知签名密钥").Produces<NoticeSecretView>();
}
