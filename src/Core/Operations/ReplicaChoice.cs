using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>Which replica of a primary the data is to come from, and why: one in sync with it, of the same history, that hands its data out.</summary>
/// <param name="Node">Null: the primary itself.</param>
/// <param name="Reason">In one line: "from replica 10.0.0.6:6379, 0 bytes behind its primary".</param>
internal sealed record ReplicaChoice(CacheEndpoint? Node, string Reason)
{
    /// <summary>
    /// How long replicas have to say what they are, all of them together. The primary was reached and will do: addresses that lead nowhere from here are
    /// to cost little.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>More are not asked.</summary>
    private const int MostAsked = 5;

    /// <summary>A replica that is behind by more than this, in bytes of commands, is not in sync.</summary>
    private const long MostBehindBytes = 1024 * 1024;

    /// <summary>A primary pings its replicas every ten seconds: one that has heard nothing for longer is cut off.</summary>
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(15);

    /// <param name="login">How each of them is logged in to; the endpoint is its own.</param>
    /// <param name="primary">What the primary said of itself a moment ago.</param>
    /// <param name="replicas">Where they are said to be, the preferred one first.</param>
    /// <param name="refusalOf">What speaks against taking data from such a node, as the middle of a sentence; null: nothing.</param>
    public static async Task<ReplicaChoice> MakeAsync(
        ServiceParts parts,
        CacheAddress login,
        CacheProbe primary,
        IReadOnlyList<CacheEndpoint> replicas,
        Func<CacheProbe, string?> refusalOf,
        CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        CacheEndpoint[] asked = [.. replicas.Take(MostAsked)];
        (CacheProbe? Probe, string? Silence)[] answers = await Task.WhenAll(
            asked.Select(replica => AskAsync(parts.Caches, login with { Endpoint = replica }, either.Token, cancellationToken)));
        var refusals = new List<string>();
        for (int i = 0; i < asked.Length; i++)
        {
            if ((answers[i].Silence ?? FindRefusal(answers[i].Probe!, primary, refusalOf)) is not { } refusal)
            {
                return new ReplicaChoice(asked[i], string.Create(
                    CultureInfo.InvariantCulture, $"from replica {asked[i]}, {BytesBehind(answers[i].Probe!, primary)} bytes behind its primary"));
            }

            refusals.Add($"{asked[i]} {refusal}");
        }

        return new ReplicaChoice(null, $"from the primary: no replica serves ({string.Join("; ", refusals)})");
    }

    private static async Task<(CacheProbe? Probe, string? Silence)> AskAsync(
        ICaches caches, CacheAddress replica, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return (await caches.ProbeAsync(replica, either), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"does not answer within {Patience.TotalSeconds} s"));
        }
        catch (Exception e) when (e is PermanentException or TransientException)
        {
            return (null, e switch
            {
                CacheTlsException => "is not trusted: its certificate is of another name or authority",
                CacheAccessDeniedException => "does not let this user in",
                InvalidRequestException => "is none of the hosts or addresses that may be connected to",
                CacheUnreachableException => "cannot be reached",
                _ => "does not say what it is",
            });
        }
    }

    private static string? FindRefusal(CacheProbe replica, CacheProbe primary, Func<CacheProbe, string?> refusalOf) => replica switch
    {
        { IsReplica: false } => "is no replica",
        _ when replica.ReplicationId != primary.ReplicationId => "follows another primary",
        { IsLoading: true } => "is loading, or its link to its primary is down",
        { PrimarySilence: { } silence } when silence > MostSilence => string.Create(
            CultureInfo.InvariantCulture, $"has heard nothing from its primary for {silence.TotalSeconds:N0} s"),
        _ when BytesBehind(replica, primary) > MostBehindBytes => string.Create(
            CultureInfo.InvariantCulture, $"is {BytesBehind(replica, primary):N0} bytes behind"),
        _ => refusalOf(replica),
    };

    private static long BytesBehind(CacheProbe replica, CacheProbe primary) => Math.Max(0, primary.ReplicationOffsetBytes - replica.ReplicationOffsetBytes);
}
