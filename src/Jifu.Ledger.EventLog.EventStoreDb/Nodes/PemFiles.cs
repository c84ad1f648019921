using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jifu.Ledger.EventLog.EventStoreDb.Nodes;

/// <summary>Certificates from files, read when their names are: what is wrong with a file is told before anything is
/// built on it.</summary>
internal static class PemFiles
{
    /// <exception cref="FormatException">The file cannot be read, or holds none.</exception>
    public static X509Certificate2Collection Authorities(string file) => Read("it holds no certificate in PEM", () =>
    {
        // A file of another form reads as one that holds none.
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new FormatException("it holds no certificate in PEM");
    });

    /// <exception cref="FormatException">A file cannot be read, or the two do not go together.</exception>
    public static X509Certificate2 Own(string certificateFile, string keyFile) => Read(
        "they are no certificate in PEM and its key without a password",
        () => X509Certificate2.CreateFromPemFile(certificateFile, keyFile));

    private static T Read<T>(string otherwise, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException($"{otherwise}: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException("there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
