namespace CacheBackup.Core.Operations;

/// <summary>How far a purge has come; each call does a bounded part of it.</summary>
/// <param name="After">Where the next call goes on; empty: at the beginning.</param>
/// <param name="Done">True: nothing is left to do.</param>
/// <param name="Removed">What this call removed, or began to remove.</param>
public sealed record PurgeProgress(string After, bool Done, int Removed);
