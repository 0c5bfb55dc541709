namespace CacheBackup.Local.Client;

/// <summary>A job to wait for.</summary>
/// <param name="Activity">What is shown while it runs: <c>Backing up</c>.</param>
/// <param name="Resource">Where its record is.</param>
/// <param name="Good">The status that it is to end with; null: the record is to be gone.</param>
internal sealed record ServiceJob(string Activity, ServiceCall Resource, string? Good);
