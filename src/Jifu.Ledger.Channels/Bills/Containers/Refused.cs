using System.Security.Cryptography;

namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>Why an archive cannot be used. It has no lines, so all of it is line 1.</summary>
internal static class Refused
{
    public static BillRejectedException Damaged(string name, string expected) =>
        new(BillRejection.BillContainerDamaged, name, 1, 1, expected);

    public static BillRejectedException TooLarge(string name, string expected) =>
        new(BillRejection.BillContainerTooLarge, name, 1, 1, expected);

    /// <summary>What the runtime's readers throw at bytes that are no archive.</summary>
    public static bool IsDamage(Exception e) =>
        e is InvalidDataException or FormatException or EndOfStreamException or NotSupportedException
            or ArgumentException or OverflowException or CryptographicException;
}
