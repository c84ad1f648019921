using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>How reports say by what a difference was closed.</summary>
internal static class LifeWords
{
    public static string ClosedBy(DifferenceLifeRow life) => life.ClosedBy switch
    {
        "people" => "人工处理",
        "met" => "对方已到",
        "rule" => "规则匹配",
        _ => "",
    };

    /// <param name="asked">What people proposed; null when nobody did.</param>
    public static string Reason(DifferenceLifeRow life, ProposalRow? asked) => life.ClosedBy switch
    {
        "people" => ByPeople(life, DifferenceLifeRow.RemedyOf(life.Remedy!), asked),
        "rule" => $"{life.Rule} v{life.RuleVersion}{(life.WithOthers is { } others ? $"，与 {others}" : "")}",
        _ => life.WithOthers ?? "",
    };

    // The step that proposed it begins with the remedy in English.
    private static string ByPeople(DifferenceLifeRow life, Remedy remedy, ProposalRow? asked)
    {
        var (said, reason) = ($"{DifferenceLifeRow.Said(remedy)}: ", asked?.Reason ?? "");
        if (reason.StartsWith(said, StringComparison.Ordinal))
            reason = reason[said.Length..];
        var account = remedy.To is { } to ? $" {to}" : "";
        return $"{RemedyForm.ChineseOf(remedy.Kind)}{account}：{reason}（{asked?.By} 提出，{life.ApprovedBy} 复核）";
    }
}
