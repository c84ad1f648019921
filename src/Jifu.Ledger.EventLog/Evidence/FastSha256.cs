using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>SHA-256 for short texts and very many of them: links, leaves and nodes.</summary>
/// <remarks>
/// .NET hashes by OpenSSL, but makes a context and clears OpenSSL's list of errors at each call, which takes longer
/// than hashing an event. So OpenSSL's own three functions are called where they are found, and are first asked
/// whether they agree with .NET.
/// </remarks>
internal static class FastSha256
{
    private const string Library = "libcrypto.so.3";

    // SHA256_CTX has 112 bytes.
    private const int ContextWords = 16;

    private static readonly bool IsDirect = Agrees();

    /// <summary>Writes the 32 bytes of the hash; they may overlap the bytes hashed.</summary>
    public static void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        if (IsDirect)
            HashDirectly(bytes, hash);
        else
            SHA256.HashData(bytes, hash);
    }

    private static void HashDirectly(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hash.Length, SHA256.HashSizeInBytes);
        Span<ulong> context = stackalloc ulong[ContextWords];
        ref var at = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(context));
        if (SHA256_Init(ref at) != 1
            || SHA256_Update(ref at, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length) != 1
            || SHA256_Final(ref MemoryMarshal.GetReference(hash), ref at) != 1)
            throw new CryptographicException($"{Library} does not hash.");
    }

    private static bool Agrees()
    {
        if (!NativeLibrary.TryLoad(Library, out var library))
            return false;
        string[] functions = [nameof(SHA256_Init), nameof(SHA256_Update), nameof(SHA256_Final)];
        if (!functions.All(function => NativeLibrary.TryGetExport(library, function, out _)))
            return false;
        Span<byte> bytes = stackalloc byte[200];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)i;
        HashDirectly(bytes, hash);
        return hash.SequenceEqual(SHA256.HashData(bytes));
    }

#pragma warning disable SYSLIB1054 // What it generates is unsafe code, for nothing: these take and give plain bytes.
    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SHA256_Init(ref byte context);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SHA256_Update(ref byte context, ref byte bytes, nuint length);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SHA256_Final(ref byte hash, ref byte context);
#pragma warning restore SYSLIB1054
}
