using System.Security.Cryptography;
using System.Text;

namespace CacheBackup.Core.Model;

/// <summary>
/// Something that happened to a cache or a backup. Told at least once: a step that is repeated tells it again under the same
/// <see cref="Id"/>. Holds no key, value or password.
/// </summary>
public sealed record BackupEvent
{
    private const int IdBytes = 12;

    /// <summary>The same for every telling of one event, 24 hexadecimal digits.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required EventCode Code { get; init; }

    /// <summary>The cache that it concerns, where it concerns one.</summary>
    public CacheName? Cache { get; init; }

    /// <summary>The backup that it concerns, where it concerns one.</summary>
    public BackupName? Backup { get; init; }

    public ExecutionId? Execution { get; init; }

    /// <summary>For people: one sentence or two.</summary>
    public required string Message { get; init; }

    /// <param name="at">A time from the record that changed, so that a second telling has the same.</param>
    /// <param name="part">Tells apart what one execution may say several times, such as progress.</param>
    public static BackupEvent Of(
        EventCode code, DateTimeOffset at, string message, CacheName? cache, BackupName? backup, ExecutionId? execution, string part = "")
    {
        string identity = $"{code}\n{cache}\n{backup}\n{execution}\n{part}";
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity));
        return new BackupEvent
        {
            Id = Convert.ToHexStringLower(hash.AsSpan(0, IdBytes)),
            At = at,
            Code = code,
            Cache = cache,
            Backup = backup,
            Execution = execution,
            Message = message,
        };
    }
}
