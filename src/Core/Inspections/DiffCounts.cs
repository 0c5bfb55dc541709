namespace CacheBackup.Core.Inspections;

/// <summary>Keys that have something in common, by what has become of them.</summary>
public sealed class DiffCounts
{
    private readonly long[] _differing = new long[Enum.GetValues<DiffKind>().Length];

    public long Equal { get; private set; }

    public long Differing => _differing.Sum();

    public long this[DiffKind kind] => _differing[(int)kind];

    internal void Add(DiffKind? kind)
    {
        if (kind is { } differing)
        {
            _differing[(int)differing]++;
        }
        else
        {
            Equal++;
        }
    }

    internal void Add(DiffCounts other)
    {
        Equal += other.Equal;
        for (int i = 0; i < _differing.Length; i++)
        {
            _differing[i] += other._differing[i];
        }
    }
}
