namespace Jifu.Ledger;

/// <summary>A currency this ledger settles, with its ISO 4217 number.
/// The default (0) is no currency and mixes with nothing.</summary>
public enum Currency
{
    None = 0,
    JPY = 392,
    HKD = 344,
    CNY = 156,
    USD = 840,
    EUR = 978,
}
