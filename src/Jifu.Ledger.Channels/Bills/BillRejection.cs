namespace Jifu.Ledger.Channels.Bills;

/// <summary>Every rule that can refuse a bill file. Tools and the API show these names in snake_case.</summary>
public enum BillRejection
{
    None = 0,
    BillEmpty,
    BillNotUtf8,
    BillLineTooLong,
    BillHeaderUnknown,
    BillRowMalformed,
    BillTimeMalformed,
    BillAmountMalformed,
    BillCurrencyUnknown,
    BillMerchantDiffers,
    BillDayDiffers,
    BillTruncated,
    BillTotalsDiffer,
    BillDataAfterSummary,
    BillNotGbk,
    BillEncodingUnknown,
    BillCharacterForbidden,
    BillChannelDiffers,
    BillYearUnknown,
    BillSignsDiffer,
    BillContainerDamaged,
    BillContainerTooLarge,
    BillContainerNested,
    BillContainerEntryRefused,
    BillHashDiffers,
    BillOverlaps,
}
