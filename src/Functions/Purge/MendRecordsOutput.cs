namespace CacheBackup.Functions.Purge;

/// <summary>How many records were put in order.</summary>
public sealed record MendRecordsOutput(int Mended);
