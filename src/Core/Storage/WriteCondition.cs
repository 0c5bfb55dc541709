namespace CacheBackup.Core.Storage;

/// <summary>What must hold at the instant of a write, decided by the store itself and not by a read before it.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(bool mustBeAbsent, ObjectTag? mustMatch)
    {
        MustBeAbsent = mustBeAbsent;
        MustMatch = mustMatch;
    }

    /// <summary>Write whatever is there (progress objects and other things that no decision reads).</summary>
    public static WriteCondition None => default;

    /// <summary>No object of this key exists (<c>If-None-Match: *</c>).</summary>
    public static WriteCondition Absent => new(true, null);

    public bool MustBeAbsent { get; }

    public ObjectTag? MustMatch { get; }

    /// <summary>The object is there with exactly this content (<c>If-Match</c>).</summary>
    public static WriteCondition Matches(ObjectTag tag) => new(false, tag);
}
