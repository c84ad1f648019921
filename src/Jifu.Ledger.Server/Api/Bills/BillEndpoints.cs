using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Ops;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.WebUtilities;

namespace Jifu.Ledger.Server.Api.Bills;

/// <summary>Bills for merchants (商户对账单).</summary>
internal static class BillEndpoints
{
    public static void MapBills(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/bills/{day}", Download).Admits(Role.Merchant, Role.Operator, Role.Auditor).WithTags("Bills 账单")
            .WithSummary("Your bill of a day that is over, as CSV 下载对账单")
            .WithDescription("Each payment, refund, cancellation and late share of the business day, and a last line "
                + "of sums. UTF-8 with BOM; amounts in yuan with two decimals. The same day gives the same bytes. "
                + "Operators and auditors say by merchant_id whose.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");

    private static Task<IResult> Download(
        string day, string? merchant_id, Caller caller, AskedMerchant asked, MerchantBill bill, Projector views,
        HttpContext context) => asked.Of(
        caller, merchant_id, merchant => Of(merchant, day, bill, views, context), context.RequestAborted);

    private static async Task<IResult> Of(
        MerchantId merchant, string day, MerchantBill bill, Projector views, HttpContext context)
    {
        if (!BusinessDay.TryParse(day, out var known))
            return OpsEndpoints.NoDay(day);
        var cancellation = context.RequestAborted;
        await views.WaitForHead(cancellation);
        await using var buffer = new FileBufferingWriteStream();
        if (await bill.Write(merchant, known, buffer, cancellation) is { } refusal)
            return Problem.Of(refusal);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"{MerchantBill.NameOf(merchant, known)}\"";
        await buffer.DrainBufferAsync(context.Response.Body, cancellation);
        return Results.Empty;
    }
}
