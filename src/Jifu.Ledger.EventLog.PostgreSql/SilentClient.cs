namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>What the database itself does about a process that is stuck, or gone without a word, so that others need
/// not wait for the rows that it holds.</summary>
/// <remarks>Without these a session of a lost machine lives for two hours, and one of a stopped process for
/// ever.</remarks>
public static class SilentClient
{
    /// <summary>Options of a session: a machine that is away is noticed within some eleven seconds, a closed connection
    /// within one.</summary>
    public const string NoticedOptions =
        "-c client_connection_check_interval=1s "
        + "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    /// <summary>The same, and a transaction in which nothing is asked for eight seconds is ended. That is less than
    /// after which our driver asks by itself whether the connection lives, and so would keep it.</summary>
    public const string EndedOptions = "-c idle_in_transaction_session_timeout=8s " + NoticedOptions;
}
