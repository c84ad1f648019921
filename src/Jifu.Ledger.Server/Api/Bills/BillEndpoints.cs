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
        v1.MapGet("/bills/{day}", Download).Admits(Role.Merchant).WithTags("Bills 账单")
            .WithSummary("Your bill of a day that is over, as CSV 下载对账单")
            .WithDescription("Each payment, refund, cancellation and late share of the business day, and a last line "
                + "of sums. UTF-8 with BOM; amounts in yuan with two decimals. The same day gives the same bytes.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");

    private static async Task<IResult> Download(
        string day, Caller caller, MerchantBill bill, Projector views, HttpContext context)
    {
        if (!BusinessDay.TryParse(day, out var known))
            return OpsEndpoints.NoDay(day);
        var cancellation = context.RequestAborted;
        await views.WaitForHead(cancellation);
        await using var buffer = new FileBufferingWriteStream();
        if (await bill.Write(caller.Self, known, buffer, cancellation) is { } refusal)
            return Problem.Of(refusal);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"{MerchantBill.NameOf(caller.Self, known)}\"";
        await buffer.DrainBufferAsync(context.Response.Body, cancellation);
        return Results.Empty;
    }
}
