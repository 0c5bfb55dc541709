using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;

namespace CacheBackup.Functions.Api;

/// <summary>Automatic backups, in the bodies of <c>POST /caches</c> and <c>PATCH /caches/{name}</c>.</summary>
public sealed record AutomaticBackupsBody
{
    /// <summary>0–35; 0: none are taken. Required on registering; null on modifying: as it is.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Such as <c>23:30-00:30</c>, UTC. Null: one is assigned; on modifying: as it is.</summary>
    public string? Window { get; init; }

    /// <summary>What is kept beyond its date. Null: nothing; on modifying: as it is.</summary>
    public RetentionPlan? Keep { get; init; }

    /// <exception cref="InvalidRequestException">The days are missing.</exception>
    public RetentionPolicy ToPolicy() => new()
    {
        RetentionDays = RetentionDays
            ?? throw new InvalidRequestException("automaticBackups needs retentionDays: 1 to 35 days, or 0 for no automatic backups."),
        Keep = Keep,
    };

    public BackupWindow? ToWindow() => Window is null ? null : BackupWindow.Parse(Window);

    public ModifyCacheRequest ToRequest() => new(RetentionDays, ToWindow(), Keep);
}
