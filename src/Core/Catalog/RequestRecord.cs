using System.Text.Json;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// A request that carried an idempotency key, catalog document <c>catalog/requests/&lt;key&gt;.json</c>. It is reserved before anything is
/// done, and answered by one write that also names the executions to start: before that write nothing was started, after it whoever reads
/// the record can start what is still missing.
/// </summary>
public sealed record RequestRecord : CatalogDocument
{
    /// <summary>How long a key stands for its request.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>
    /// A request that has not answered for so long is not going to: the API's function ends after 29 s. Only waiting depends on this; that
    /// nothing starts twice rests on <see cref="Holder"/>.
    /// </summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(60);

    public required string Method { get; init; }

    /// <summary>The path as it was sent, with its query.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the body, hexadecimal.</summary>
    public required string BodySha256 { get; init; }

    /// <summary>When the key was reserved.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Which attempt may answer, a random text; null: the last one was refused, nothing happened, and the key is free.</summary>
    public string? Holder { get; init; }

    /// <summary>Null until the request was answered.</summary>
    public int? Status { get; init; }

    /// <summary>Where the resource is that the answer shows.</summary>
    public string? Location { get; init; }

    /// <summary>The first answer's body.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>What the answer promises to run.</summary>
    public IReadOnlyList<RequestedExecution>? Executions { get; init; }

    public bool IsAnswered => Status is not null;

    public bool IsOver(DateTimeOffset now) => now >= At + Kept;

    /// <summary>The same method, path, query and body.</summary>
    public bool IsSameRequest(RequestRecord other) => Method == other.Method && Path == other.Path && BodySha256 == other.BodySha256;
}
