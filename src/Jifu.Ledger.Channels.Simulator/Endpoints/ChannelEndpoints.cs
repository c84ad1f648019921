using System.IO.Compression;
using Jifu.Ledger.Channels.Sandbox;
using Jifu.Ledger.Channels.Simulator.Bills;
using Jifu.Ledger.Channels.Simulator.Payments;
using Jifu.Ledger.Channels.Simulator.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Jifu.Ledger.Channels.Simulator.Endpoints;

using static SignedRequest;

/// <summary>What the channel and its bank offer to us, signed, and to the payer, open.</summary>
internal static class ChannelEndpoints
{
    public static void Map(RouteGroupBuilder sandbox)
    {
        var settings = ((IEndpointRouteBuilder)sandbox).ServiceProvider.GetRequiredService<SandboxSettings>();
        var system = ((IEndpointRouteBuilder)sandbox).ServiceProvider.GetRequiredService<SandboxClock>().SystemClock;
        RequestDelegate Signed(Func<SignedRequest, Task<IResult>> handle) => Only(settings, system, handle);

        MapPayments(sandbox, Signed);
        MapRefunds(sandbox, Signed);
        MapBills(sandbox, Signed);
        MapFundFlows(sandbox, Signed);
        MapBank(sandbox, Signed);
        sandbox.MapPost("/pay/{paymentId}", async (
            string paymentId, PaymentCounter counter, CancellationToken cancellation) =>
            Answer(await counter.PaidByPayer(paymentId, cancellation)));
    }

    private static void MapPayments(
        RouteGroupBuilder sandbox, Func<Func<SignedRequest, Task<IResult>>, RequestDelegate> signed)
    {
        sandbox.MapPost("/v3/payments", signed(request => request.Carry<SandboxPayRequest>(
            order => Counter(request).Pay(order, request.PayUrl, request.Cancellation))));
        sandbox.MapGet("/v3/payments/{paymentId}", signed(async request => Answer(
            await Counter(request).Query(request.Route("paymentId"), request.PayUrl, request.Cancellation))));
        sandbox.MapPost("/v3/payments/{paymentId}/close", signed(async request => Answer(
            await Counter(request).Close(request.Route("paymentId"), request.Cancellation))));
        sandbox.MapPost("/v3/payments/{paymentId}/revoke", signed(async request => Answer(
            await Counter(request).Revoke(request.Route("paymentId"), request.Cancellation))));

        static PaymentCounter Counter(SignedRequest request) =>
            request.Context.RequestServices.GetRequiredService<PaymentCounter>();
    }

    private static void MapRefunds(
        RouteGroupBuilder sandbox, Func<Func<SignedRequest, Task<IResult>>, RequestDelegate> signed)
    {
        sandbox.MapPost("/v3/refunds", signed(request => request.Carry<SandboxRefundRequest>(
            refund => Counter(request).Refund(refund, request.Cancellation))));
        sandbox.MapGet("/v3/refunds", signed(async request => Answer(
            await Counter(request).Query(request.Query("refund_no"), request.Cancellation))));

        static RefundCounter Counter(SignedRequest request) =>
            request.Context.RequestServices.GetRequiredService<RefundCounter>();
    }

    private static void MapBills(
        RouteGroupBuilder sandbox, Func<Func<SignedRequest, Task<IResult>>, RequestDelegate> signed)
    {
        sandbox.MapGet("/v3/bills/{day}", signed(async request =>
            BusinessDay.TryParse(request.Route("day"), out var day)
                && await Book(request).Fetch(day, request.Cancellation) is { } bill
                ? TypedResults.Bytes(bill.Content, "text/csv; charset=utf-8", bill.FileName)
                : Answer(Outcome.NotFound)));
        sandbox.MapGet("/v3/funds/{day}", signed(async request =>
            BusinessDay.TryParse(request.Route("day"), out var day)
                && await Book(request).Funds(day, request.Cancellation) is { } funds
                ? TypedResults.Bytes(SandboxJson.Write(new SandboxFunds(
                    funds.Amount.MinorUnits, $"{funds.Amount.Currency}", funds.BankReference)), "application/json")
                : Answer(Outcome.NotFound)));

        static BillBook Book(SignedRequest request) => request.Context.RequestServices.GetRequiredService<BillBook>();
    }

    // As WeChat Pay does it: first where the file lies and what it hashes to, then the file, packed.
    private static void MapFundFlows(
        RouteGroupBuilder sandbox, Func<Func<SignedRequest, Task<IResult>>, RequestDelegate> signed)
    {
        sandbox.MapGet("/v3/bill/fundflowbill", signed(async request =>
            BusinessDay.TryParse(request.Query("bill_date"), out var day)
                && await Book(request).Describe(day, request.FileUrl($"{day}"), request.Cancellation) is { } link
                ? TypedResults.Bytes(link.ToJson(), "application/json")
                : Answer(Outcome.NotFound)));
        sandbox.MapGet("/v3/billdownload/file", signed(async request =>
            BusinessDay.TryParse(request.Query("token"), out var day)
                && await Book(request).Fetch(day, request.Cancellation) is { } file
                ? TypedResults.Bytes(Packed(file.Content.Span), "application/gzip", file.FileName)
                : Answer(Outcome.NotFound)));

        static FundFlowBook Book(SignedRequest request) =>
            request.Context.RequestServices.GetRequiredService<FundFlowBook>();
    }

    private static byte[] Packed(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    private static void MapBank(
        RouteGroupBuilder sandbox, Func<Func<SignedRequest, Task<IResult>>, RequestDelegate> signed)
    {
        sandbox.MapPost("/bank/payouts", signed(request => request.Carry<SandboxPayoutRequest>(
            payout => Desk(request).Send(payout, request.Cancellation))));
        sandbox.MapGet("/bank/payouts", signed(async request => Answer(
            await Desk(request).Query(request.Query("reference"), request.Cancellation))));

        static PayoutDesk Desk(SignedRequest request) =>
            request.Context.RequestServices.GetRequiredService<PayoutDesk>();
    }
}
