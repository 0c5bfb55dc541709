namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>One step of a path: a member by name, an element by index (negative counts from the end), or every child.</summary>
internal readonly record struct PathSegment(string? Property, int Index, bool IsWildcard)
{
    public static readonly PathSegment Wildcard = new(null, 0, true);

    public static PathSegment OfProperty(string name) => new(name, 0, false);

    public static PathSegment OfIndex(int index) => new(null, index, false);
}
