using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>The one place where a server's error replies become our exceptions. Their texts are ours: a server quotes keys and values.</summary>
internal static class ServerErrors
{
    public static Exception ToException(in RespError error, string command, CacheEndpoint endpoint) => error.Code switch
    {
        "NOAUTH" => new CacheAccessDeniedException($"{endpoint} answers {command} only after AUTH. Give the cache's password, and its ACL user if it has one."),
        "WRONGPASS" => new CacheAccessDeniedException($"{endpoint} refused the user or its password, or the user is off. Check both where they are kept."),
        "NOPERM" => new CacheAccessDeniedException($"{endpoint} does not let this user run {command}. Grant at least {Acl(command)} (ACL SETUSER); {All}"),
        "EXECABORT" when error.Says("NOPERM") => new CacheAccessDeniedException($"{endpoint} does not let this user run {command}. Grant at least {Acl(command)} (ACL SETUSER); {All}"),
        "DENIED" => new CacheAccessDeniedException($"{endpoint} runs in protected mode and serves its own machine alone. Give it a password or turn protected-mode off."),
        "LOADING" => new CacheLoadingException($"{endpoint} is loading its data set. Try again when it has finished."),
        "MASTERDOWN" or "NOMASTERLINK" => new CacheLoadingException($"{endpoint} is a replica whose link to its primary is down. Try again when it is up, or use the primary."),
        "BUSY" => new CacheUnreachableException($"{endpoint} runs a script or function that does not end and answers nobody ({command}). Try again when it has ended."),
        "ERR" when error.Says("max number of clients") => new CacheUnreachableException($"{endpoint} has no connection free (maxclients). Try again, or raise its limit."),
        "MOVED" or "ASK" or "TRYAGAIN" or "CLUSTERDOWN" => new ClusterUnsettledException(
            $"{endpoint} no longer serves a slot that it was asked for ({command}: {error.Code}): slots are on the move. Try again when they have settled."),
        _ => new CacheProtocolException($"{endpoint} answered {command} with the error {error.Code}."),
    };

    /// <summary>Who lacks one right usually lacks more.</summary>
    public const string All = "cache-backup rights prints all that is needed.";

    public static bool IsUnknownCommand(in RespError error) => error.Code == "ERR" && error.Says("unknown command");

    /// <summary>The rule that grants one command: <c>FUNCTION LIST</c> → <c>+function|list</c>.</summary>
    public static string Acl(string command) => "+" + command.ToLowerInvariant().Replace(' ', '|');
}
