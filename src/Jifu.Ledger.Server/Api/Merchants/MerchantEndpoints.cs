using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.ReadModels.Merchants;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Merchants;

using Handled = Handled<Merchant, MerchantEvent, MerchantRejection>;

/// <summary>Merchants and their terms. Every change is safe to repeat: the same again is quiet.</summary>
internal static class MerchantEndpoints
{
    public static void MapMerchants(this IEndpointRouteBuilder v1)
    {
        var merchants = v1.MapGroup("/merchants").WithTags("Merchants 商户");
        merchants.MapPost("", Register).Admits(Role.Operator)
            .WithSummary("Register a merchant 登记商户")
            .Produces<MerchantView>(StatusCodes.Status201Created).Produces<MerchantView>();
        merchants.MapGet("", List).Admits(Role.Operator, Role.Auditor)
            .WithSummary("List merchants, oldest first 商户列表").Produces<Page<MerchantLine>>();
        merchants.MapGet("/{merchant_id:maxlength(32)}", Show).Admits(Role.Operator, Role.Auditor, Role.Merchant)
            .WithSummary("A merchant's terms and keys 查询商户").Produces<MerchantView>();
        Term<FeePlanJson>("fee-plan", "Set the fee plan 设置费率",
            (body, at) => new MerchantCommand.SetFeePlan(body.Plan(), at));
        Term<SplitRulesJson>("split-rules", "Set the standing split rules 设置分账规则",
            (body, at) => new MerchantCommand.SetSplitRules(body.Rules.Select(rule => rule.Rule()).ToValueList(), at));
        Term<RiskLimitsJson>("risk-limits", "Set the limits 设置限额",
            (body, at) => new MerchantCommand.SetRiskLimits(body.Limits(), at));
        Term<ChannelNumbersJson>("channel-numbers", "Set its merchant numbers at a channel 设置渠道商户号",
            (body, at) => new MerchantCommand.SetChannelNumbers(body.Channel, body.Numbers.ToValueList(), at));
        Term<SettlementTermJson>("settlement-term", "Set the settlement term 设置结算周期",
            (body, at) => new MerchantCommand.SetSettlementTerm(body.SettlementTerm, at));

        void Term<T>(string name, string summary, Func<T, DateTimeOffset, MerchantCommand> command) where T : class =>
            merchants.MapPut($"/{{merchant_id:maxlength(32)}}/{name}", async (
                    string merchant_id, JsonBody<T> body, Caller caller, MerchantDesk desk, TimeProvider time,
                    HttpContext context) =>
                {
                    var id = new MerchantId(merchant_id);
                    return Answer(id, await desk.Handle(
                        id, command(body.Value, time.GetUtcNow()), caller.Metadata(context), context.RequestAborted));
                })
                .Admits(Role.Operator).WithSummary(summary).Produces<MerchantView>();
    }

    private static async Task<IResult> Register(
        JsonBody<MerchantRequest> body, Caller caller, MerchantDesk desk, TimeProvider time, HttpContext context)
    {
        var id = new MerchantId(body.Value.MerchantId);
        var handled = await desk.Handle(
            id, body.Value.At(time.GetUtcNow()), caller.Metadata(context), context.RequestAborted);
        return handled is { Rejection: null, Events: not [], State: Merchant.Active merchant }
            ? Results.Created($"/v1/merchants/{id}", MerchantView.Of(id, merchant))
            : Answer(id, handled);
    }

    private static Task<IResult> List(
        int? limit, string? cursor, MerchantQueries queries, Cursors cursors, CancellationToken cancellation) =>
        cursors.Page(
            limit, cursor, "merchants", -1, (after, count) => queries.List(after, count, cancellation),
            row => row.Position, row => new MerchantLine(
                row.MerchantId, row.Name, SnakeCase.Of(row.SettlementTerm),
                PaymentView.InShanghai(row.RegisteredAt)!.Value));

    private static async Task<IResult> Show(
        string merchant_id, Caller caller, MerchantDesk desk, CancellationToken cancellation)
    {
        var id = new MerchantId(merchant_id);
        return caller.Sees(id) && await desk.Find(id, cancellation) is { } merchant
            ? Results.Ok(MerchantView.Of(id, merchant))
            : Problem.Of(MerchantRejection.MerchantNotFound, $"Merchant {id}.");
    }

    public static IResult Answer(MerchantId id, Handled handled) => handled switch
    {
        { Rejection: { } rejection } => Problem.Of(rejection, $"Merchant {id}."),
        { State: Merchant.Active merchant } => Results.Ok(MerchantView.Of(id, merchant)),
        _ => throw new InvalidOperationException($"Merchant {id} took a command and is {handled.State}."),
    };
}
