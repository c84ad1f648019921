namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>A movement of our bank account that we expect, or know of without having seen it there.</summary>
/// <param name="Id"><c>funds:wechatpay:2026-11-20</c>, <c>rest:wechatpay:2026-11-20:1</c> for what its bill says
/// beyond what came, <c>withdrawal:wechatpay:2026-11-20:W7</c>, <c>settlement:…</c>; <c>returned:…</c> for a payout
/// that may come back.</param>
/// <param name="Group">The channel whose money it is; empty for what is none's. Days of one channel may come together
/// in one movement.</param>
/// <param name="Day">The first day on which the bank may have it.</param>
/// <param name="Amount">Signed: positive comes in.</param>
/// <param name="Reference">The bank's number for it, as far as somebody told us; otherwise empty.</param>
/// <param name="IsBooked">False for a channel's money that only its bill promises: a line that is taken for it books
/// it.</param>
/// <param name="Number">Of a withdrawal, which comes in a movement of its own: another number that the bank may tell;
/// otherwise empty.</param>
/// <param name="KnownOn">The day on which we learnt of it: the bank may have it a week after that, too. Null where that
/// is <paramref name="Day"/>.</param>
/// <param name="NeedsWord">True for what nobody expects, so that only a person says that a line is it.</param>
public sealed record ExpectedMoney(
    string Id, string Group, BusinessDay Day, Money Amount, string Reference, bool IsBooked = true, string Number = "",
    BusinessDay? KnownOn = null, bool NeedsWord = false)
{
    /// <summary>True for what may come together with others of its group.</summary>
    public bool IsPartOfSums => Group.Length > 0 && Number.Length == 0;
}

/// <summary>A line of a statement and what it is.</summary>
/// <param name="How"><c>reference</c>, <c>name</c>, <c>amount</c>, <c>sum</c> of several movements, or <c>lines</c>
/// that are one together.</param>
/// <param name="IsCertain">False when nothing but the amount speaks for it and money would be booked by it: a person
/// has to say so.</param>
/// <param name="With">The lines with which it is that, where one movement came in several; otherwise null.</param>
public sealed record MoneyMatch(
    StatementLine Line, ValueList<ExpectedMoney> To, string How, bool IsCertain,
    ValueList<StatementLine>? With = null);
