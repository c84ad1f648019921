using FluentValidation;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Funds;

/// <summary>Cleared money for another merchant.</summary>
/// <param name="TransferNo">The payer's own number, once for ever.</param>
/// <param name="To">The merchant that gets it.</param>
/// <param name="Amount">Minor units of the currency.</param>
internal sealed record TransferRequest(
    string TransferNo, string To, MinorUnits Amount, Currency Currency, string Reason);

/// <summary>A transfer that was made.</summary>
internal sealed record TransferView(string TransferNo, string From, string To, long Amount, Currency Currency);

/// <summary>How far below zero a merchant may go; zero is the default.</summary>
internal sealed record OverdraftLimitJson(MinorUnits Amount, Currency Currency, string Reason);

/// <summary>What a transfer must look like before anybody decides about it.</summary>
internal sealed class TransferRequestRules : AbstractValidator<TransferRequest>
{
    public TransferRequestRules()
    {
        RuleFor(request => request.TransferNo).Number(64);
        RuleFor(request => request.To).Matches(@"^[A-Za-z0-9_-]{1,32}\z").WithMessage("must be a merchant's id");
        RuleFor(request => request.Reason).Text(80);
    }
}

internal sealed class OverdraftLimitRules : AbstractValidator<OverdraftLimitJson>
{
    public OverdraftLimitRules() => RuleFor(request => request.Reason).Text(80);
}

/// <summary>Transfers (转账) and overdraft limits (透支额度).</summary>
internal static class FundsEndpoints
{
    public static void MapFunds(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/transfers", Transfer).Admits(Role.Merchant).Idempotent().WithTags("Funds 资金")
            .WithSummary("Give cleared money to another merchant 转账")
            .WithDescription("Safe to repeat: the same transfer_no counts once; another body under it is refused. "
                + "Never more than is cleared and free, and the overdraft limit agreed.")
            .Produces<TransferView>(StatusCodes.Status201Created).Produces<TransferView>();
        v1.MapPut("/merchants/{merchant_id:maxlength(32)}/overdraft-limit", SetLimit).Admits(Role.Operator)
            .WithTags("Funds 资金").WithSummary("Set how far below zero a merchant may go 设置透支额度")
            .Produces<OverdraftLimitJson>();
    }

    private static async Task<IResult> Transfer(
        JsonBody<TransferRequest> body, Caller caller, FundsDesk desk, HttpContext context)
    {
        var asked = body.Value;
        var outcome = await desk.Transfer(
            new(asked.TransferNo), caller.Self, Account.Available(new(asked.To)), asked.Amount.Of(asked.Currency),
            asked.Reason, caller.Metadata(context), context.RequestAborted);
        if (outcome.Refusal is { } refusal)
            return Problem.Of(refusal);
        var view = new TransferView(
            asked.TransferNo, caller.Self.Value, asked.To, asked.Amount.Value, asked.Currency);
        return outcome.IsNew ? Results.Created((string?)null, view) : Results.Ok(view);
    }

    private static async Task<IResult> SetLimit(
        string merchant_id, JsonBody<OverdraftLimitJson> body, Caller caller, FundsDesk desk, HttpContext context)
    {
        var limit = body.Value;
        var refusal = await desk.SetOverdraftLimit(
            new(merchant_id), limit.Amount.Of(limit.Currency), limit.Reason, caller.Metadata(context),
            context.RequestAborted);
        return refusal is null ? Results.Ok(limit) : Problem.Of(refusal);
    }
}
