using System.Globalization;
using System.Net;
using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>What somebody wrote as a connection string, looked at before anything is done with it: the driver finds
/// much of what is wrong only when it connects, and says it as of a bug of ours.</summary>
public static class ConnectionText
{
    /// <returns>The text as it is.</returns>
    /// <exception cref="FormatException">It can be no connection; the message says why, and holds no
    /// password.</exception>
    public static string Checked(string text)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(settings.Host))
                throw new FormatException("Host is missing.");
            foreach (var host in settings.Host.Split(','))
                MustBePort(PortIn(host.Trim()), host.Trim());
            MustBePort(settings.Port.ToString(CultureInfo.InvariantCulture), $"Port={settings.Port}");
            if (settings.MaxPoolSize < 1)
                throw new FormatException("Maximum Pool Size=0 leaves no connection.");
            NpgsqlDataSource.Create(text).Dispose();
            return text;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or InvalidCastException
            or NotSupportedException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    // [::1]:5432, a name or number and a port, or a number of IPv6 as it is; a path is of a socket.
    private static string? PortIn(string host) => host switch
    {
        ['/' or '@', ..] => null,
        ['[', ..] => host[(host.IndexOf(']', StringComparison.Ordinal) + 1)..] is [':', .. var port] ? port : null,
        _ => host.Split(':') is [_, var port] ? port : null,
    };

    private static void MustBePort(string? port, string told)
    {
        if (port is not null && !(ushort.TryParse(port, CultureInfo.InvariantCulture, out var number) && number > 0))
            throw new FormatException(FormattableString.Invariant(
                $"{told}: a port lies between 1 and {IPEndPoint.MaxPort}."));
    }
}
