using System.Security.Cryptography;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Bytes that nobody can foresee, of the system's own source.</summary>
/// <remarks>On Linux <see cref="RandomNumberGenerator"/> asks OpenSSL, which takes 6 MB of a process that needs it for
/// nothing else; the kernel's source is what OpenSSL is seeded from.</remarks>
internal static class SystemRandom
{
    private const string Kernel = "/dev/urandom";

    public static void Fill(Span<byte> bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        using var source = new FileStream(Kernel, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        source.ReadExactly(bytes);
    }
}
